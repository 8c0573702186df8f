namespace CloudTicks.Foundations;

/// <summary>What is logged about a failure.</summary>
public enum OutageNotice
{
    /// <summary>Nothing: there is no outage, or it was logged less than an interval ago.</summary>
    None,

    /// <summary>An outage has begun, or has a new cause.</summary>
    First,

    /// <summary>The outage still lasts.</summary>
    Reminder,
}
