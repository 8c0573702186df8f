// The alerts; docs/deploy.md explains each of them and its remedy. Most of them query the metrics of the services, which have one value
// per minute.
param location string
param tags object
param feed string
param workspaceId string
param actionGroupId string
param postgresId string
param eventHubsId string

// Currencies and metals, the default symbols, trade from Sunday evening to Friday evening. Narrow this if only stocks are collected.
var session = feed == 'simulated' ? 'true' : 'dayofweek(now()) between (1d .. 5d) and not(dayofweek(now()) == 5d and hourofday(now()) >= 20)'

var rules = [
  {
    name: 'no-ticks'
    severity: 1
    window: 'PT10M'
    what: 'No tick was received for ten minutes while the market was open.'
    query: 'AppMetrics | where Name == "cloudticks.collector.received.ticks" | summarize Received = sum(Sum) | where coalesce(Received, 0.0) == 0.0 and (${session})'
  }
  {
    name: 'silent-symbols'
    severity: 2
    window: 'PT10M'
    what: 'Some symbols have no ticks although their market is open, even after the collector reconnected.'
    query: 'AppMetrics | where Name == "cloudticks.collector.stale.channels" | summarize Silent = min(Sum) | where Silent > 0'
  }
  {
    name: 'table-lag'
    severity: 1
    window: 'PT15M'
    what: 'The table stores fewer than 80 percent of the ticks that are archived.'
    query: 'AppMetrics | where Name in ("cloudticks.collector.archived.ticks", "cloudticks.timescale.stored", "cloudticks.timescale.dropped") | summarize Archived = sumif(Sum, Name == "cloudticks.collector.archived.ticks"), Done = sumif(Sum, Name != "cloudticks.collector.archived.ticks") | where Archived > 0 and Done < 0.8 * Archived'
  }
  {
    name: 'nats-lag'
    severity: 2
    window: 'PT15M'
    what: 'Fewer than 80 percent of the archived ticks are published on NATS.'
    query: 'AppMetrics | where Name in ("cloudticks.collector.archived.ticks", "cloudticks.publish.ticks") | summarize Archived = sumif(Sum, Name == "cloudticks.collector.archived.ticks"), Done = sumif(Sum, Name == "cloudticks.publish.ticks") | where Archived > 0 and Done < 0.8 * Archived'
  }
  {
    name: 'spool-fills'
    severity: 2
    window: 'PT10M'
    what: 'More than 1 GiB of ticks waits in the spool on the disk of the collector.'
    query: 'AppMetrics | where Name == "cloudticks.collector.spool.bytes" | summarize Bytes = max(Sum) | where Bytes > 1073741824'
  }
  {
    name: 'ticks-refused'
    severity: 0
    window: 'PT5M'
    what: 'The spool is full: the collector drops ticks, which can only be restored from the history of the provider.'
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
    what: 'Records of the archive could not be read or stored.'
    query: 'AppMetrics | where Name in ("cloudticks.timescale.refused", "cloudticks.publish.unreadable") | summarize Refused = sum(Sum) | where Refused > 0'
  }
  {
    name: 'retention'
    severity: 1
    window: 'PT1H'
    what: 'No retention run was verified for an hour: old ticks were kept, or ticks within the window were deleted.'
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
    // The queried tables do not exist before the first telemetry arrives, so validation would fail the first deployment.
    skipQueryValidation: true
    actions: {
      actionGroups: [actionGroupId]
    }
  }
}]

// Alerts on metrics that Azure itself provides.
var metricRules = [
  {
    name: 'database-disk'
    severity: 1
    scope: postgresId
    frequency: 'PT5M'
    window: 'PT15M'
    what: 'The disk of the database is more than 80 percent full.'
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
    what: 'Event Hubs throttles requests: the throughput units are used up.'
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
    // Event Hubs deletes records after its retention period. Records that Capture has not written by then are lost.
    name: 'capture-stands'
    severity: 0
    scope: eventHubsId
    frequency: 'PT15M'
    window: 'PT1H'
    what: 'Event Hubs receives events, but Capture has written none for an hour.'
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
    what: 'Unreadable data was written to tick_archive.dead, with the reason.'
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
