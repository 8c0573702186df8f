using CloudTicks.Foundations;
using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Hosting.EventHubs;

/// <summary>Logs once when one function's hub goes away or fails, and when events arrive again. Consumer's thread only.</summary>
internal sealed class HubContact(TriggerRuntime runtime)
{
    /// <summary>What an outage leaves behind, a lost membership above all, comes a moment after the first answer.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    private readonly OutageLog _outage = new(runtime.Time);
    private readonly HashSet<ErrorCode> _logged = [];
    private long? _backAt;

    /// <summary>Whether the hub is away, or was a moment ago: what follows from that needs no line of its own.</summary>
    public bool ExplainsLosses => _outage.IsOngoing || (_backAt is { } at && runtime.Time.GetElapsedTime(at) < Aftermath);

    /// <summary>The client reports a problem that it goes on trying to get over.</summary>
    public void OnError(Error error)
    {
        switch (error.Code)
        {
            case ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition:
                if (_logged.Add(ErrorCode.UnknownTopicOrPart))
                {
                    runtime.Logger.TopicAwaited(runtime.Name, runtime.Trigger.Topic);
                }

                break;
            case ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_TimedOut or ErrorCode.Local_Resolve
                or ErrorCode.RequestTimedOut or ErrorCode.NetworkException:
                runtime.Logger.ClientProblem(runtime.Name, runtime.Trigger.Topic, error.Reason);
                OnAway();
                break;
            default:
                if (_logged.Add(error.Code))
                {
                    runtime.Logger.ReadFailed(runtime.Name, runtime.Trigger.Topic, error.Reason, error.Code);
                }

                break;
        }
    }

    /// <summary>The partitions were lost: an outage until some return, not logged at once if it follows one that is over.</summary>
    public void OnLost(bool isLogged)
    {
        if (!_outage.IsOngoing)
        {
            Begin(isLogged);
        }
    }

    public void OnAnswer()
    {
        if (_outage.IsOngoing)
        {
            _backAt = runtime.Time.GetTimestamp();
            runtime.Health.Clear(runtime.Name, TriggerHealth.AllPartitions);
            if (_outage.End(out _))
            {
                _logged.Add(ErrorCode.NoError);
            }
        }

        // A topic that was waited for was not read before.
        _logged.Remove(ErrorCode.UnknownTopicOrPart);
        if (_logged.Count > 0)
        {
            _logged.Clear();
            runtime.Logger.ReadsAgain(runtime.Name, runtime.Trigger.Topic);
        }
    }

    /// <summary>Reminds that the hub is still away, when due, unless it answers now; asking blocks for a moment.</summary>
    public void Remind(Func<bool> answers, Func<string?> askWhy)
    {
        if (!_outage.IsDue || (!_outage.IsLogged && _outage.Duration < Moment))
        {
            return;
        }

        if (answers())
        {
            OnAnswer();
            return;
        }

        var why = askWhy();
        var notice = _outage.Notice(out var lasted);
        if (why is not null)
        {
            runtime.Logger.HubRefuses(runtime.Name, runtime.Trigger.Connection, lasted.TotalSeconds, why);
            Report($"The event hub at {runtime.Trigger.Connection} does not serve {runtime.Name}: {why}.");
        }
        else if (notice == OutageNotice.Reminder)
        {
            runtime.Logger.HubStillAway(runtime.Name, runtime.Trigger.Connection, lasted.TotalSeconds);
        }
        else
        {
            runtime.Logger.HubAway(runtime.Name, runtime.Trigger.Connection);
        }
    }

    private void OnAway()
    {
        if (!_outage.IsOngoing)
        {
            Begin(isLogged: true);
            runtime.Logger.HubAway(runtime.Name, runtime.Trigger.Connection);
        }
    }

    private void Begin(bool isLogged)
    {
        _outage.Begin(isLogged: isLogged);
        Report($"{runtime.Name} does not reach the event hub at {runtime.Trigger.Connection}.");
    }

    private void Report(string text) => runtime.Health.Report(runtime.Name, TriggerHealth.AllPartitions, HealthStatus.Unhealthy, text);
}
