using CloudTicks.Simulator.Channels;

namespace CloudTicks.Simulator.Sending;

/// <summary>Holds ticks that are about to be sent, and counts sent and unsent ones.</summary>
internal sealed class SentTicks(ChannelDirectory channels, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<StagedTick> _staged = new(TickSender.MaxTicksPerFrame);
    private long? _firstTickMs;

    /// <summary>Adds a generated tick, and the sessions to whose frames it is written.</summary>
    public void Stage(SimulatedChannel channel, ISubscriber[] sessions, ulong identity, long timestampMs) =>
        _staged.Add(new StagedTick(channel, sessions, identity, timestampMs, IsRepeat: false));

    /// <summary>Adds a repeat of a tick.</summary>
    public void StageRepeat(SimulatedChannel channel, ISubscriber[] sessions, ulong identity, long timestampMs) =>
        _staged.Add(new StagedTick(channel, sessions, identity, timestampMs, IsRepeat: true));

    /// <summary>
    /// Counts the staged ticks as generated, except repeats. A tick whose frame was handed to the socket of at least one session also
    /// counts as sent.
    /// </summary>
    public int Commit()
    {
        var sent = 0;
        lock (_gate)
        {
            foreach (var tick in _staged)
            {
                if (!tick.IsRepeat)
                    tick.Channel.Generated.Add(tick.Identity, tick.TimestampMs);
                if (!AnySent(tick.Sessions))
                {
                    tick.Channel.Missed += tick.IsRepeat ? 0 : 1;
                    continue;
                }

                tick.Channel.Sent.Add(tick.Identity, tick.TimestampMs);
                sent++;
            }

            if (sent > 0)
                _firstTickMs ??= time.GetUtcNow().ToUnixTimeMilliseconds();
        }

        _staged.Clear();
        return sent;
    }

    public SentReport Report(bool sending, bool finished)
    {
        lock (_gate)
        {
            var symbols = channels.All.Where(channel => channel.Generated.Count > 0).GroupBy(channel => channel.Symbol)
                .OrderBy(group => group.Key.Name, StringComparer.Ordinal)
                .ToDictionary(group => group.Key.Name, group => SentSymbol.Of(group.Key, [.. group]));
            return new SentReport(sending, finished, _firstTickMs, symbols);
        }
    }

    private static bool AnySent(ISubscriber[] sessions)
    {
        foreach (var session in sessions)
        {
            if (session.WasLastFrameSent)
                return true;
        }

        return false;
    }

    private readonly record struct StagedTick(
        SimulatedChannel Channel, ISubscriber[] Sessions, ulong Identity, long TimestampMs, bool IsRepeat);
}
