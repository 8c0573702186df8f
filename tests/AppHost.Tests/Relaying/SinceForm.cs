namespace AppHost.Tests.Relaying;

/// <summary>How a client of the relay gives the time from which it wants ticks.</summary>
internal enum SinceForm
{
    /// <summary>A message for each channel, with the last time of that channel.</summary>
    EachChannel,

    /// <summary>One message for all channels, with the last time of any of them.</summary>
    Message,

    /// <summary>In the address, as an unmodified client can.</summary>
    Address,
}
