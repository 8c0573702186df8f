namespace AppHost.Tests.Relaying;

/// <summary>How a client of the relay sends the time since which it requests ticks.</summary>
internal enum SinceForm
{
    /// <summary>In one message for each channel, with the time of that channel's last tick.</summary>
    EachChannel,

    /// <summary>In one message for all channels, with the time of their last tick.</summary>
    Message,

    /// <summary>In the address, which works for an unmodified client.</summary>
    Address,
}
