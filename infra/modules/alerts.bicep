// The alerts. docs/deploy.md has the meaning and the cure of each. The meters are those of the services, one value a minute.
param location string
param tags object
param feed string
param workspaceId string
param actionGroupId string
param postgresId string
param eventHubsId string

// Currencies and metals, which are collected by default, trade from Sunday evening to Friday evening; narrow this when only shares are collected.
var session = feed == 'simulated' ? 'true' : 'dayofweek(now()) between (1d .. 5d) and not(dayofweek(now()) == 5d and hourofday(now()) >= 20)'

var rules = [
  {
    name: 'no-ticks'
    severity: 1
    window: 'PT10M'
    what: 'No tick was received for ten minutes of the session.'
    query: 'AppMetrics | where Name == "cloudticks.collector.received.ticks" | summarize Received = sum(Sum) | where coalesce(Received, 0.0) == 0.0 and (${session})'
  }
  {
    name: 'silent-symbols'
    severity: 2
    window: 'PT10M'
    what: 'Symbols bring nothing though their market is open, on a new session either.'
    query: 'AppMetrics | where Name == "cloudticks.collector.stale.channels" | summarize Silent = min(Sum) | where Silent > 0'
  }
  {
    name: 'table-lag'
    severity: 1
    window: 'PT15M'
    what: 'The table takes less than four fifths of what the archive gets.'
    query: 'AppMetrics | where Name in ("cloudticks.collector.archived.ticks", "cloudticks.timescale.stored", "cloudticks.timescale.dropped") | summarize Archived = sumif(Sum, Name == "cloudticks.collector.archived.ticks"), Done = sumif(Sum, Name != "cloudticks.collector.archived.ticks") | where Archived > 0 and Done < 0.8 * Archived'
  }
  {
    name: 'nats-lag'
    severity: 2
    window: 'PT15M'
    what: 'NATS gets less than four fifths of what the archive gets.'
    query: 'AppMetrics | where Name in ("cloudticks.collector.archived.ticks", "cloudticks.publish.ticks") | summarize Archived = sumif(Sum, Name == "cloudticks.collector.archived.ticks"), Done = sumif(Sum, Name == "cloudticks.publish.ticks") | where Archived > 0 and Done < 0.8 * Archived'
  }
  {
    name: 'spool-fills'
    severity: 2
    window: 'PT10M'
    what: 'More than 1 GiB of ticks waits on the disk of the collector.'
    query: 'AppMetrics | where Name == "cloudticks.collector.spool.bytes" | summarize Bytes = max(Sum) | where Bytes > 1073741824'
  }
  {
    name: 'ticks-refused'
    severity: 0
    window: 'PT5M'
    what: 'The spool is full: ticks are left out, and only history has them.'
    query: 'AppMetrics | where Name in ("cloudticks.collector.refused.ticks", "cloudticks.collector.conflated.ticks") | summarize LeftOut = sum(Sum) | where LeftOut > 0'
  }
  {
    name: 'old-gaps'
    severity: 3
    window: 'PT30M'
    what: 'A gap has not been filled for an hour.'
    query: 'AppMetrics | where Name == "cloudticks.collector.gaps.oldest" | summarize Seconds = max(Sum) | where Seconds > 3600'
  }
  {
    name: 'refused-records'
    severity: 2
    window: 'PT15M'
    what: 'Records of the archive could not be stored or read.'
    query: 'AppMetrics | where Name in ("cloudticks.timescale.refused", "cloudticks.publish.unreadable") | summarize Refused = sum(Sum) | where Refused > 0'
  }
  {
    name: 'retention'
    severity: 1
    window: 'PT1H'
    what: 'For an hour no retention run was found to be right: old ticks stay, or young ones went.'
    query: 'AppMetrics | where Name == "cloudticks.timescale.retention.runs" | extend Found = tostring(Properties.found) | summarize Right = sumif(Sum, Found == "verified"), Wrong = sumif(Sum, Found != "verified") | where coalesce(Right, 0.0) == 0.0 or coalesce(Wrong, 0.0) > 0'
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2022-06-15' = [for rule in rules: {
  name: 'alert-${rule.name}'
  location: location
  tags: tags
  properties: {
    displayName: 'CloudTicks ${rule.name}'
    description: rule.what
    severity: rule.severity
    enabled: true
    scopes: [workspaceId]
    evaluationFrequency: 'PT5M'
    windowSize: rule.window
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    autoMitigate: true
    // The tables exist only after the first telemetry; a rule must not fail the first deployment for that.
    skipQueryValidation: true
    actions: {
      actionGroups: [actionGroupId]
    }
  }
}]

// Azure's own metrics.
var metricRules = [
  {
    name: 'database-disk'
    severity: 1
    scope: postgresId
    frequency: 'PT5M'
    window: 'PT15M'
    what: 'The disk of the database is four fifths full.'
    conditions: [
      {
        name: 'used'
        criterionType: 'StaticThresholdCriterion'
        metricNamespace: 'Microsoft.DBforPostgreSQL/flexibleServers'
        metricName: 'storage_percent'
        operator: 'GreaterThan'
        threshold: 80
        timeAggregation: 'Average'
      }
    ]
  }
  {
    name: 'stream-throttled'
    severity: 2
    scope: eventHubsId
    frequency: 'PT5M'
    window: 'PT15M'
    what: 'Event Hubs refuses requests because the throughput units are used up.'
    conditions: [
      {
        name: 'throttled'
        criterionType: 'StaticThresholdCriterion'
        metricNamespace: 'Microsoft.EventHub/namespaces'
        metricName: 'ThrottledRequests'
        operator: 'GreaterThan'
        threshold: 0
        timeAggregation: 'Total'
      }
    ]
  }
  {
    // The stream forgets after days: what Capture does not write by then is lost to the archive.
    name: 'capture-stands'
    severity: 0
    scope: eventHubsId
    frequency: 'PT15M'
    window: 'PT1H'
    what: 'Events come, and for an hour none was written to the archive.'
    conditions: [
      {
        name: 'captured'
        criterionType: 'StaticThresholdCriterion'
        metricNamespace: 'Microsoft.EventHub/namespaces'
        metricName: 'CapturedMessages'
        operator: 'LessThan'
        threshold: 1
        timeAggregation: 'Total'
      }
      {
        name: 'incoming'
        criterionType: 'StaticThresholdCriterion'
        metricNamespace: 'Microsoft.EventHub/namespaces'
        metricName: 'IncomingMessages'
        operator: 'GreaterThan'
        threshold: 0
        timeAggregation: 'Total'
      }
    ]
  }
  {
    name: 'dead-letters'
    severity: 3
    scope: eventHubsId
    frequency: 'PT5M'
    window: 'PT15M'
    what: 'Something could not be read and lies in tick_archive.dead with the reason.'
    conditions: [
      {
        name: 'dead'
        criterionType: 'StaticThresholdCriterion'
        metricNamespace: 'Microsoft.EventHub/namespaces'
        metricName: 'IncomingMessages'
        operator: 'GreaterThan'
        threshold: 0
        timeAggregation: 'Total'
        dimensions: [
          {
            name: 'EntityName'
            operator: 'Include'
            values: ['tick_archive.dead']
          }
        ]
      }
    ]
  }
]

resource metricAlerts 'Microsoft.Insights/metricAlerts@2018-03-01' = [for rule in metricRules: {
  name: 'alert-${rule.name}'
  location: 'global'
  tags: tags
  properties: {
    description: rule.what
    severity: rule.severity
    enabled: true
    scopes: [rule.scope]
    evaluationFrequency: rule.frequency
    windowSize: rule.window
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: rule.conditions
    }
    autoMitigate: true
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}]
