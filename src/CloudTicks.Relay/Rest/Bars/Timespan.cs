namespace CloudTicks.Relay.Rest.Bars;

/// <summary>What the windows of bars are multiples of.</summary>
internal enum Timespan
{
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}
