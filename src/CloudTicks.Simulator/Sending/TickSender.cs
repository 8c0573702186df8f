using CloudTicks.Polygon.Serving.Events;
using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.History;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Simulator.Sending;

/// <summary>
/// Sends the due ticks every few ms, one frame per session, at the pace of the slowest reader, so that no ticks are queued.
/// </summary>
internal sealed class TickSender(
    ITickSource source, TickFaults faults, TickHistory history, SentTicks sent, SimulatorMetrics metrics, TimeProvider time,
    IHostApplicationLifetime lifetime, ILogger<TickSender> logger)
    : BackgroundService
{
    /// <summary>The maximum number of events per frame, which keeps frames far below the clients' limit (1,000,000 bytes).</summary>
    public const int MaxTicksPerFrame = 256;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<ISubscriber> _sessions = [];
    private readonly byte[] _event = new byte[EventJson.MaxBytes];
    private bool _finished;

    public bool HasEnded => _ended.Task.IsCompleted;

    public SentReport Report()
    {
        // Read only once, so that the report is consistent.
        var hasEnded = HasEnded;
        return sent.Report(!hasEnded, hasEnded && _finished);
    }

    /// <summary>Stops sending after the current frame, and completes when nothing more will be sent.</summary>
    public async Task StopSendingAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _ended.Task.WaitAsync(cancellationToken);
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        source.Open();
        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        _stopping.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, _stopping.Token);
        try
        {
            await SendAsync(stopping.Token, stoppingToken);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The simulator is stopping.
        }
        catch (Exception exception)
        {
            Log.SendingFailed(logger, exception);
            lifetime.StopApplication();
        }
        finally
        {
            _ended.TrySetResult();
        }
    }

    /// <param name="aborting">Cancelled to abort the write of a frame that a client does not read.</param>
    private async Task SendAsync(CancellationToken stopping, CancellationToken aborting)
    {
        while (!stopping.IsCancellationRequested)
        {
            var tickCount = Fill();
            foreach (var session in _sessions)
                await session.SendFrameAsync(aborting);
            _sessions.Clear();
            metrics.Sent(sent.Commit());
            if (tickCount == MaxTicksPerFrame)
                continue;
            if (source.IsFinished)
            {
                _finished = true;
                Log.ReplayFinished(logger);
                return;
            }

            await Task.Delay(Pause, time, stopping);
        }
    }

    private int Fill()
    {
        source.Advance();
        Tick tick = default;
        var tickCount = 0;
        // The lock is acquired once per frame, not per tick.
        using var writing = history.BeginWriting();
        while (tickCount < MaxTicksPerFrame && source.TryRead(ref tick, out var channel))
        {
            tickCount++;
            var hasNoFaults = faults.HasNoFaults;
            if (!hasNoFaults)
                faults.Distort(channel, ref tick);
            history.Write(channel.History, tick);
            var subscribers = channel.Subscribers;
            if (!hasNoFaults)
                subscribers = faults.ReceiversOf(subscribers, channel.Symbol);
            sent.Stage(channel, subscribers, TickIdentity.Of(tick), tick.TimestampMs);
            if (!hasNoFaults)
                AddFaulty(tick, channel, subscribers);
            else if (subscribers.Length > 0)
                AddToFrames(tick, subscribers);
        }

        return tickCount;
    }

    private void AddToFrames(scoped in Tick tick, ISubscriber[] subscribers)
    {
        var json = _event.AsSpan(0, EventJson.Write(tick, _event));
        foreach (var session in subscribers)
            AddToFrame(session, json);
    }

    private void AddFaulty(scoped in Tick tick, SimulatedChannel channel, ISubscriber[] subscribers)
    {
        foreach (var session in subscribers)
        {
            var json = _event.AsSpan(0, EventJson.Write(tick, _event, faults.StyleFor(session, channel.Symbol)));
            AddToFrame(session, json);
            if (!faults.IsDoubled(session, channel.Symbol))
                continue;
            AddToFrame(session, json);
            sent.StageRepeat(channel, [session], TickIdentity.Of(tick), tick.TimestampMs);
        }
    }

    private void AddToFrame(ISubscriber session, ReadOnlySpan<byte> json)
    {
        if (session.Frame.IsEmpty)
            _sessions.Add(session);
        session.Frame.Append(json);
    }
}
