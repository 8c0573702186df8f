namespace AppHost.Tests.Relaying;

/// <summary>Where a client of the relay states the time from which it requests ticks.</summary>
internal enum SinceForm
{
    /// <summary>In one message for each channel, with the last time of that channel.</summary>
    EachChannel,

    /// <summary>In one message for all channels, with the last time of any of them.</summary>
    Message,

    /// <summary>In the address, as an unmodified client can.</summary>
    Address,
}
