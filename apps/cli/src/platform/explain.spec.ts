import { OperatorError } from '#platform';
import { explain } from './explain.js';

const withCode = (code: string) => Object.assign(new Error('no space left'), { code });

describe('what a person reads when a command fails', () => {
  it.each(['ENOSPC', 'EDQUOT', '53100'])(
    'names the folder and the way out when the disk is full (%s)',
    (code) => {
      const text = explain(withCode(code), '/var/lib/vouchers');
      expect(text).toMatch(/\/var\/lib\/vouchers is full \(no space left\).*Make room/);
      expect(text).not.toContain('explain.spec');
    },
  );

  it('says an operator’s error without a stack and a defect with one', () => {
    expect(explain(new OperatorError('Port 1 is taken.'), '/h')).toBe('Port 1 is taken.');
    expect(explain(withCode('ECONNREFUSED'), '/h')).toMatch(/no space left\n\s+at /);
    expect(explain('odd', '/h')).toBe('odd');
  });
});
