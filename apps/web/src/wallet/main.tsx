import 'virtual:tokens.css';
import 'virtual:fonts.css';
import '../look/base.css';
import { start } from '../app.js';
import { walletApp } from './app.js';

start(walletApp);
