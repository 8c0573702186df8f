using CloudTicks.Foundations;
using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Hosting.EventHubs;

/// <summary>
/// Logs when one function's event hub becomes unreachable or fails, every minute while it stays unreachable, and when it responds again.
/// Used on the consumer's thread only.
/// </summary>
internal sealed class HubReachability(TriggerRuntime runtime)
{
    /// <summary>The time after an outage during which its consequences, such as a lost group membership, may still be reported.</summary>
    private static readonly TimeSpan RecoveryGracePeriod = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan MinLoggedOutage = TimeSpan.FromSeconds(5);

    private readonly OutageLog _outage = new(runtime.Time);
    private readonly HashSet<ErrorCode> _loggedCodes = [];
    private long? _recoveredAt;

    /// <summary>Whether the event hub is unreachable, or was until recently. Lost partitions are then not logged separately.</summary>
    public bool ExplainsLosses => _outage.IsOngoing || (_recoveredAt is { } at && runtime.Time.GetElapsedTime(at) < RecoveryGracePeriod);

    /// <summary>Handles a problem that the client reports and keeps retrying.</summary>
    public void OnError(Error error)
    {
        switch (error.Code)
        {
            case ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition:
                if (_loggedCodes.Add(ErrorCode.UnknownTopicOrPart))
                {
                    runtime.Logger.TopicAwaited(runtime.Name, runtime.Trigger.Topic);
                }

                break;
            case ErrorCode.Local_AllBrokersDown or ErrorCode.Local_Transport or ErrorCode.Local_TimedOut or ErrorCode.Local_Resolve
                or ErrorCode.RequestTimedOut or ErrorCode.NetworkException:
                runtime.Logger.ClientProblem(runtime.Name, runtime.Trigger.Topic, error.Reason);
                OnUnavailable();
                break;
            default:
                if (_loggedCodes.Add(error.Code))
                {
                    runtime.Logger.ReadFailed(runtime.Name, runtime.Trigger.Topic, error.Reason, error.Code);
                }

                break;
        }
    }

    /// <summary>Handles the loss of the partitions, which begins an outage unless one is ongoing.</summary>
    public void OnLost(bool isLogged)
    {
        if (!_outage.IsOngoing)
        {
            Begin(isLogged);
        }
    }

    public void OnResponse()
    {
        if (_outage.IsOngoing)
        {
            _recoveredAt = runtime.Time.GetTimestamp();
            runtime.Health.Clear(runtime.Name, TriggerHealth.AllPartitions);
            if (_outage.End(out _))
            {
                _loggedCodes.Add(ErrorCode.NoError);
            }
        }

        // Reading a topic that was missing starts rather than resumes, so it is not logged as resumed.
        _loggedCodes.Remove(ErrorCode.UnknownTopicOrPart);
        if (_loggedCodes.Count > 0)
        {
            _loggedCodes.Clear();
            runtime.Logger.ReadingResumed(runtime.Name, runtime.Trigger.Topic);
        }
    }

    /// <summary>Logs that the event hub is still unreachable, if a log line is due and it does not respond now. Blocks briefly.</summary>
    public void Remind(Func<bool> isReachable, Func<string?> queryReason)
    {
        if (!_outage.IsDue || (!_outage.IsLogged && _outage.Duration < MinLoggedOutage))
        {
            return;
        }

        if (isReachable())
        {
            OnResponse();
            return;
        }

        var reason = queryReason();
        var notice = _outage.Notice(out var outageDuration);
        if (reason is not null)
        {
            Report($"The event hub at {runtime.Trigger.Connection} does not serve {runtime.Name}: {reason}.");
            runtime.Logger.HubRefuses(runtime.Name, runtime.Trigger.Connection, outageDuration.TotalSeconds, reason);
        }
        else if (notice == OutageNotice.Reminder)
        {
            runtime.Logger.HubStillUnavailable(runtime.Name, runtime.Trigger.Connection, outageDuration.TotalSeconds);
        }
        else
        {
            runtime.Logger.HubUnavailable(runtime.Name, runtime.Trigger.Connection);
        }
    }

    private void OnUnavailable()
    {
        if (!_outage.IsOngoing)
        {
            Begin(isLogged: true);
            runtime.Logger.HubUnavailable(runtime.Name, runtime.Trigger.Connection);
        }
    }

    private void Begin(bool isLogged)
    {
        _outage.Begin(isLogged: isLogged);
        Report($"{runtime.Name} cannot reach the event hub at {runtime.Trigger.Connection}.");
    }

    private void Report(string text) => runtime.Health.Report(runtime.Name, TriggerHealth.AllPartitions, HealthStatus.Unhealthy, text);
}
