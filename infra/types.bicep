@description('What every resource carries.')
@export()
type tagsType = {
  app: string
  stage: string
}

@description('One entry of pipeline.json, as Pipeline.cs has it.')
@export()
type stageType = {
  @description('The one word of the stage: subscription, function, metric.')
  name: string

  @description('The facts that it takes.')
  subjects: string[]

  @description('One fact of a lane at a time, in order.')
  sessions: bool

  @description('Facts handed over at once.')
  batch: int?

  @description('Instances that never go cold, for a stage whose answer somebody waits for.')
  alwaysReady: int?
}

@description('An Official Account or a WeCom application. Its secrets are in Key Vault and never pass through here.')
@export()
type accountType = {
  @description('The name in the URL of the callback. A setting of a Linux app takes no hyphen: a-z and 0-9, starting with a letter.')
  @minLength(1)
  @maxLength(32)
  name: string

  kind: 'OfficialAccount' | 'WeCom' | 'WeComSuite' | 'WeComPersonal'

  @description('appid, corpid or suiteid.')
  appId: string

  @description('gh_..., only shown.')
  originalId: string?

  @description('The number of a WeCom application.')
  agentId: string?

  mode: 'Safe' | 'Compatible' | 'Plaintext'?

  reply: 'Api' | 'Passive'?

  location: 'Drop' | 'Keep'?

  @description('True while an EncodingAESKey is being rotated: the secret PreviousEncodingAesKey must exist then.')
  previousKey: bool?
}
