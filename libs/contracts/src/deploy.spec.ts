import { deploymentFromJson, deploymentToJson, type Deployment } from './index.js';

const deployment: Deployment = {
  chainId: 4_747,
  authorities: `0x${'0a'.repeat(20)}`,
  vouchers: `0x${'0b'.repeat(20)}`,
  salt: `0x${'0c'.repeat(32)}`,
  block: 1,
  blockHash: `0x${'0d'.repeat(32)}`,
};

describe('a deployment as JSON', () => {
  it('comes back as it went in', () => {
    expect(deploymentFromJson(deploymentToJson(deployment))).toEqual(deployment);
  });

  it('takes checksummed addresses and gives lower case', () => {
    const text = deploymentToJson({ ...deployment, vouchers: `0x${'0B'.repeat(20)}` });
    expect(deploymentFromJson(text).vouchers).toBe(deployment.vouchers);
  });

  it.each([
    ['chainId', '4747'],
    ['chainId', -1],
    ['block', 1.5],
    ['authorities', '0x12'],
    ['vouchers', `0x${'zz'.repeat(20)}`],
    ['salt', undefined],
    ['blockHash', null],
  ])('with %s %s is refused by name', (field, value) => {
    const text = JSON.stringify({ ...deployment, [field]: value });
    expect(() => deploymentFromJson(text)).toThrow(field);
  });

  it.each(['null', '[]', '3', '{'])('%s is refused', (text) => {
    expect(() => deploymentFromJson(text)).toThrow();
  });
});
