import { type DynamicModule, Global, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ServiceConfig } from '#platform';
import { ChainNode } from './chain-node.js';
import { CurrentDeployment } from './deployment.repository.js';

/** Ends the connections to the node after everything that uses it has stopped. */
@Injectable()
class NodeCloser implements OnApplicationShutdown {
  constructor(private readonly node: ChainNode) {}

  onApplicationShutdown(): void {
    this.node.close();
  }
}

/** Gives every library the one `ChainNode` of the process. Needs SettingsModule and DeploymentModule. */
@Global()
@Module({})
export class NodeModule {
  /** @param timeoutMs longest wait for one answer; default 15 s */
  static forRoot(timeoutMs?: number): DynamicModule {
    return {
      module: NodeModule,
      providers: [
        {
          provide: ChainNode,
          inject: [ServiceConfig, CurrentDeployment],
          useFactory: ({ chainRpcUrl }: ServiceConfig, { chainId }: CurrentDeployment) =>
            ChainNode.connect({ url: chainRpcUrl, chainId, timeoutMs }),
        },
        NodeCloser,
      ],
      exports: [ChainNode],
    };
  }
}
