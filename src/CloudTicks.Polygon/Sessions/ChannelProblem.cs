namespace CloudTicks.Polygon.Sessions;

internal enum ChannelProblemKind
{
    /// <summary>Part of a refused subscription; it will be requested in a smaller one.</summary>
    Halved,

    /// <summary>Requested, without a response.</summary>
    Missing,

    /// <summary>Requested alone, and refused.</summary>
    Refused,

    /// <summary>Not requested, because the server refused another channel as above its limit.</summary>
    Limited,
}

/// <summary>Why a wanted channel is not held, and when it is requested again.</summary>
/// <param name="Message">The server's message; empty when there was none.</param>
internal sealed record ChannelProblem(ChannelProblemKind Kind, int Tries, TimeSpan Due, string Message);
