/** Files by the hash of their content, sealed where they lie (ADR 26). */
export { DiskFileStorage, FileStorage } from './file-storage.js';
export { FileRefused, type FileRefusal } from './file-types.js';
export { FilesModule, KeystoreFileKey } from './files.module.js';
export { FileDamaged, type FileGiven, FileKey, type StoredFile, StoredFiles } from './stored-files.js';
