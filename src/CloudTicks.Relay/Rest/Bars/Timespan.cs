namespace CloudTicks.Relay.Rest.Bars;

/// <summary>The unit of a bar's window.</summary>
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
