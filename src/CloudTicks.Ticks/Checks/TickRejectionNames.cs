namespace CloudTicks.Ticks.Checks;

/// <summary>The names of rejection reasons in dead letters, metrics and reports.</summary>
public static class TickRejectionNames
{
    /// <summary>The reason's name in snake_case. Names never change.</summary>
    public static string Name(this TickRejection rejection) => rejection switch
    {
        TickRejection.None => "none",
        TickRejection.NotJson => "not_json",
        TickRejection.BadField => "bad_field",
        TickRejection.BadSymbol => "bad_symbol",
        TickRejection.BadTimestamp => "bad_timestamp",
        TickRejection.BadPrice => "bad_price",
        TickRejection.BadSize => "bad_size",
        TickRejection.NoPrice => "no_price",
        TickRejection.Crossed => "crossed",
        TickRejection.TooLong => "too_long",
        _ => throw new ArgumentOutOfRangeException(nameof(rejection), rejection, "Unknown reason."),
    };
}
