import 'virtual:tokens.css';
import 'virtual:fonts.css';
import '../look/base.css';
import { start } from '../app.js';
import { publicApp } from './app.js';

start(publicApp);
