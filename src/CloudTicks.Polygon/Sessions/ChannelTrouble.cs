namespace CloudTicks.Polygon.Sessions;

internal enum TroubleKind
{
    /// <summary>Part of a subscription that was refused; it waits to be asked for in a smaller one.</summary>
    Halved,

    /// <summary>Asked for, and the server said nothing.</summary>
    Missing,

    /// <summary>Asked for alone, and refused.</summary>
    Refused,

    /// <summary>Not asked for: the server refused another because there are too many.</summary>
    Limited,
}

/// <summary>Why a wanted channel is not held yet, and when it is asked for again.</summary>
/// <param name="Message">What the server said; empty when nothing.</param>
internal sealed record ChannelTrouble(TroubleKind Kind, int Tries, TimeSpan Due, string Message);
