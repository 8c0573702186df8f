namespace CloudTicks.Polygon.Sessions;

internal enum ChannelProblemKind
{
    /// <summary>The channel was part of a refused subscription, and will be requested in a smaller subscription.</summary>
    Halved,

    /// <summary>The channel was requested, but the server did not respond, or unsubscribed the channel later without a request.</summary>
    Missing,

    /// <summary>The channel was requested alone and refused.</summary>
    Refused,

    /// <summary>The channel was not requested, because the server refused another channel and reported that its limit is reached.</summary>
    Limited,
}

/// <summary>Why a wanted channel is not held, and the time at which it is requested again.</summary>
/// <param name="Message">The server's message; empty when there was none.</param>
internal sealed record ChannelProblem(ChannelProblemKind Kind, int Tries, TimeSpan Due, string Message);
