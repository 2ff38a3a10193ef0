import { Injectable, type ArgumentMetadata, type PipeTransform, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validate } from 'class-validator';
import { ProblemException, wrongField } from './problem.js';
import { problemFieldsOf } from './validation-messages.js';
import { rulesOf } from './validation-rules.js';
import { wrongShapes } from './validation-shape.js';
import { TEXT_ONLY } from './validators.js';

const BUILT_IN: ReadonlySet<unknown> = new Set([
  String,
  Number,
  Boolean,
  BigInt,
  Symbol,
  Array,
  Object,
  Date,
  Buffer,
]);

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !Buffer.isBuffer(value);
}

/** Name of the whole body among the fields of a problem. */
export const WHOLE_BODY = 'body';

const NOT_AN_OBJECT = { ko: '객체여야 합니다.', en: 'must be an object' };
export const TOO_DEEP = { ko: '너무 깊이 겹쳐 있습니다.', en: 'is nested too deeply' };

/**
 * Global pipe: parses what comes from outside into the class that the handler names, or refuses it with the
 * fields that are wrong. Fields without a rule are refused. Types are never guessed ("1" is not 1, but in a query, which has texts alone); the
 * decorators of validators.ts say which spellings they read.
 */
@Injectable()
export class RequestValidationPipe implements PipeTransform {
  async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const { metatype, type, data } = metadata;
    if (type === 'custom') return value;
    if (metatype === undefined || BUILT_IN.has(metatype) || rulesOf(metatype).length === 0) {
      // One named part (@Param('id')) is the handler's to parse; a whole body or query is not. A class that was
      // imported as a type arrives here as Object, and would let anything through.
      if (data !== undefined) return value;
      throw new Error(`the ${type} of this route has no validation rules (${metatype?.name ?? 'no class'})`);
    }
    return this.parse(value ?? {}, metatype, type);
  }

  private async parse(value: unknown, metatype: Type, part: ArgumentMetadata['type']): Promise<unknown> {
    if (!isPlainObject(value)) {
      throw wrongField(WHOLE_BODY, NOT_AN_OBJECT);
    }
    const instance = this.toInstance(value, metatype, part !== 'body');
    const errors = await validate(instance, {
      whitelist: true,
      forbidNonWhitelisted: true,
      forbidUnknownValues: true,
      validationError: { target: true, value: false },
    });
    const fields = errors.length === 0 ? wrongShapes(instance) : problemFieldsOf(errors);
    if (fields.length === 0) return instance;
    const onlyUnknown = fields.every(({ rule }) => rule === 'whitelistValidation');
    throw new ProblemException(onlyUnknown ? 'unknown_field' : 'invalid_request', { fields });
  }

  private toInstance(value: object, metatype: Type<object>, textOnly: boolean): object {
    try {
      return plainToInstance(metatype, value, {
        enableImplicitConversion: false,
        exposeDefaultValues: true,
        ...(textOnly ? { groups: [TEXT_ONLY] } : {}),
      });
    } catch (error) {
      // class-transformer walks the whole value by recursion, before any rule is looked at.
      if (!(error instanceof RangeError)) throw error;
      throw wrongField(WHOLE_BODY, TOO_DEEP);
    }
  }
}
