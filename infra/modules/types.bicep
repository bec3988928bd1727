// Types that several modules share.

@export()
@description('Tags by name.')
type tagsType = {
  @description('A tag.')
  *: string
}

@export()
@description('App settings by name.')
type settingsType = {
  @description('An app setting.')
  *: string
}

@export()
@description('Secrets by name.')
@secure()
type secretsType = {
  @description('A secret.')
  *: string
}
