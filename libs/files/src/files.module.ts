import path from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { Keystore } from '#node';
import { ServiceConfig } from '#platform';
import { DiskFileStorage, FileStorage } from './file-storage.js';
import { FileKey, StoredFiles } from './stored-files.js';

/** Folder of sealed contents below the home. */
const FOLDER = 'files';
/** Name of the key in the keystore. */
const KEY = 'files';

/** The key of an installation's files, from its keystore; opened when the first file needs it. */
export class KeystoreFileKey extends FileKey {
  private opened: Promise<Buffer> | undefined;

  constructor(private readonly settings: Pick<ServiceConfig, 'home' | 'keystorePassword'>) {
    super();
  }

  key(): Promise<Buffer> {
    this.opened ??= this.open().catch((error: unknown) => {
      this.opened = undefined;
      throw error;
    });
    return this.opened;
  }

  private async open(): Promise<Buffer> {
    const { home, keystorePassword } = this.settings;
    return (await Keystore.open({ home, password: keystorePassword })).secret(KEY);
  }
}

/** `StoredFiles` on the disk of the home. Needs SettingsModule and PersistenceModule. */
@Module({})
export class FilesModule {
  static forService(): DynamicModule {
    return {
      module: FilesModule,
      providers: [
        StoredFiles,
        {
          provide: FileStorage,
          inject: [ServiceConfig],
          useFactory: ({ home }: ServiceConfig) => new DiskFileStorage(path.join(home, FOLDER)),
        },
        {
          provide: FileKey,
          inject: [ServiceConfig],
          useFactory: (settings: ServiceConfig) => new KeystoreFileKey(settings),
        },
      ],
      exports: [StoredFiles],
    };
  }
}
