import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { ProblemDocument } from './problem.js';

export class ProblemErrorDto {
  @ApiProperty({ description: 'Path of the field, as `authorisation.amount` or `items[3].account`.' })
  field: string;

  @ApiProperty() message: string;
  @ApiPropertyOptional({
    type: [String],
    description:
      'Codes of the places that the former one became, where the field names one that was divided.',
  })
  became?: string[];
}

/** ProblemDocument in the description of the API. */
export class ProblemDto implements ProblemDocument {
  @ApiProperty({ example: '/problems/invalid_request' }) type: string;
  @ApiProperty() title: string;
  @ApiProperty({ type: 'integer', minimum: 400, maximum: 599 }) status: number;
  @ApiPropertyOptional() detail?: string;
  @ApiProperty({ description: 'Stable; see GET /v1/refusals.' }) code: string;
  @ApiProperty({ description: 'What the reader can do now.' }) next: string;
  @ApiProperty({ description: 'Path of the request.' }) instance: string;
  @ApiProperty() requestId: string;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: { oneOf: [{ type: 'string' }, { type: 'number' }] },
    description: 'The rule and the values that it was compared with.',
  })
  expected?: Record<string, string | number>;

  @ApiPropertyOptional({ type: [ProblemErrorDto], description: 'What is wrong with which field.' })
  errors?: ProblemErrorDto[];
}
