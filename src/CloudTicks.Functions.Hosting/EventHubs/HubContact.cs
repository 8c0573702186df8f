using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Hosting.EventHubs;

/// <summary>
/// Whether the event hub answers one function's consumer. That it does not is said once, again every minute, and once when it does
/// again; so are other problems of reading, each until events arrive. Used on the consumer's thread only.
/// </summary>
internal sealed class HubContact(TriggerRuntime runtime)
{
    private static readonly TimeSpan BetweenReminders = TimeSpan.FromMinutes(1);

    /// <summary>What an outage leaves behind, a lost membership above all, comes a moment after the first answer.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(5);

    private readonly HashSet<ErrorCode> _said = [];
    private bool _isAway;
    private bool _isSaid;
    private bool _wasAway;
    private long _since;
    private long _saidAt;
    private long _backAt;

    /// <summary>Whether the hub is away, or was a moment ago: what follows from that needs no word of its own.</summary>
    public bool ExplainsLosses => _isAway || (_wasAway && runtime.Time.GetElapsedTime(_backAt) < Aftermath);

    /// <summary>The client reports a problem that it goes on trying to get over.</summary>
    public void OnError(Error error)
    {
        switch (error.Code)
        {
            case ErrorCode.UnknownTopicOrPart or ErrorCode.Local_UnknownTopic or ErrorCode.Local_UnknownPartition:
                if (_said.Add(ErrorCode.UnknownTopicOrPart))
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
                if (_said.Add(error.Code))
                {
                    runtime.Logger.ReadFailed(runtime.Name, runtime.Trigger.Topic, error.Reason, error.Code);
                }

                break;
        }
    }

    /// <summary>The partitions were lost: it is an outage until the hub gives partitions again.</summary>
    /// <param name="isSaid">Whether that was said; if not, because it follows from an outage that is over, the hub has a moment to give them.</param>
    public void OnLost(bool isSaid)
    {
        if (!_isAway)
        {
            Begin(isSaid);
        }
    }

    /// <summary>The hub has answered.</summary>
    public void OnAnswer()
    {
        if (_isAway)
        {
            (_isAway, _wasAway, _backAt) = (false, true, runtime.Time.GetTimestamp());
            runtime.Health.Clear(runtime.Name, TriggerHealth.AllPartitions);
            if (_isSaid)
            {
                _said.Add(ErrorCode.NoError);
            }
        }

        // A topic that was waited for was not read before.
        _said.Remove(ErrorCode.UnknownTopicOrPart);
        if (_said.Count > 0)
        {
            _said.Clear();
            runtime.Logger.ReadsAgain(runtime.Name, runtime.Trigger.Topic);
        }
    }

    /// <summary>Says that the hub is still away, now and then, unless it turns out to be back.</summary>
    /// <param name="answers">Asks the hub for anything; blocks for a moment.</param>
    /// <param name="askWhy">Asks the hub why it takes no writes; null when it does not say, as one that is away.</param>
    public void Remind(Func<bool> answers, Func<string?> askWhy)
    {
        if (!_isAway || runtime.Time.GetElapsedTime(_saidAt) < (_isSaid ? BetweenReminders : Moment))
        {
            return;
        }

        if (answers())
        {
            OnAnswer();
            return;
        }

        var why = askWhy();
        _saidAt = runtime.Time.GetTimestamp();
        if (why is not null)
        {
            _isSaid = true;
            runtime.Logger.HubRefuses(runtime.Name, runtime.Trigger.Connection, runtime.Time.GetElapsedTime(_since).TotalSeconds, why);
            Report($"The event hub at {runtime.Trigger.Connection} does not serve {runtime.Name}: {why}.");
        }
        else if (_isSaid)
        {
            runtime.Logger.HubStillAway(runtime.Name, runtime.Trigger.Connection, runtime.Time.GetElapsedTime(_since).TotalSeconds);
        }
        else
        {
            _isSaid = true;
            runtime.Logger.HubAway(runtime.Name, runtime.Trigger.Connection);
        }
    }

    private void OnAway()
    {
        if (!_isAway)
        {
            Begin(isSaid: true);
            runtime.Logger.HubAway(runtime.Name, runtime.Trigger.Connection);
        }
    }

    private void Begin(bool isSaid)
    {
        (_isAway, _isSaid) = (true, isSaid);
        _since = _saidAt = runtime.Time.GetTimestamp();
        Report($"{runtime.Name} does not reach the event hub at {runtime.Trigger.Connection}.");
    }

    private void Report(string text) => runtime.Health.Report(runtime.Name, TriggerHealth.AllPartitions, HealthStatus.Unhealthy, text);
}
