import 'virtual:tokens.css';
import 'virtual:fonts.css';
import '../look/base.css';
import { start } from '../app.js';
import { tillApp } from './app.js';

start(tillApp);
