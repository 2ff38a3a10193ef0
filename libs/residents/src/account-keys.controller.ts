import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { MayCall } from '#platform';
import { KeyChangeBody, KeyOrderDto, ObjectionBody } from './account-keys.dto.js';
import { AccountKeysService } from './account-keys.service.js';
import { addressOf } from './address.js';

@ApiTags('accounts')
@MayCall('anybody')
@Controller('v1/accounts')
export class AccountKeysController {
  constructor(private readonly keys: AccountKeysService) {}

  @Post(':address/keys')
  @HttpCode(202)
  @ApiOperation({ summary: 'Give an account other keys, by one of its owner keys' })
  @ApiAcceptedResponse({ type: KeyOrderDto })
  change(@Param('address') address: string, @Body() body: KeyChangeBody): Promise<KeyOrderDto> {
    return this.keys.change(addressOf(address), body);
  }

  @Post(':address/objections')
  @HttpCode(202)
  @ApiOperation({ summary: 'Object to the keys that officers propose, by one of the present owner keys' })
  @ApiAcceptedResponse({ type: KeyOrderDto })
  object(@Param('address') address: string, @Body() body: ObjectionBody): Promise<KeyOrderDto> {
    return this.keys.object(addressOf(address), body);
  }
}
