using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Gaps;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Membership;
using CloudTicks.Foundations;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Replicas;

/// <summary>
/// Shares the connections of all markets with other collectors. Connection number i of every market belongs to whoever holds partition i of
/// the group's control topic; who holds none waits, connected to nothing. What is handed over is closed before the next owner begins, so
/// that the account never has more connections than it may, and the time between is a gap.
/// </summary>
internal sealed class ReplicaGroup
{
    private const string ConsumerGroupPrefix = "collector.";
    private const int HashDigits = 8;

    private static readonly TimeSpan TopicTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenChecks = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Aftermath = TimeSpan.FromMinutes(1);
    /// <summary>The longest time a dead collector's connections are unowned: its session, plus what it had not archived.</summary>
    private static readonly TimeSpan Unseen = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClosePoll = TimeSpan.FromMilliseconds(20);

    private readonly EventStreamConnection _hub;
    private readonly MarketFeeds _feeds;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _group;
    private readonly string _instance;
    private readonly GroupMember _member;
    private readonly OutageLog _problems;
    private readonly GapKeeping _gaps;
    private readonly int _archivePartitions;
    private volatile string? _problem;
    private volatile IReadOnlyList<int> _connections = [];
    private volatile FrozenSet<int> _slots = [];
    private volatile int _partitions;
    private DateTimeOffset? _awaySince;
    private DateTimeOffset? _backAt;

    /// <summary>Makes one; from now on the feeds hold nothing until the group says so.</summary>
    /// <param name="gaps">Told what this collector is to cover, before it does.</param>
    public ReplicaGroup(
        CollectorOptions options, string dataFolder, EventStreamConnection hub, MarketFeeds feeds, GapKeeping gaps, int archivePartitions,
        TimeProvider time,
        ILoggerFactory loggers)
    {
        (_group, _hub, _feeds, _gaps, _archivePartitions, _time) = (options.Group!, hub, feeds, gaps, archivePartitions, time);
        _logger = loggers.CreateLogger<ReplicaGroup>();
        _problems = new OutageLog(time);
        _instance = options.InstanceId is { Length: > 0 } named ? named : NameOf(dataFolder);
        _member = new GroupMember(
            hub, new GroupMemberOptions(ControlTopic(_group), ConsumerGroupPrefix + _group, _instance), clock: null, time,
            loggers.CreateLogger<GroupMember>());
        _feeds.SetSlots(_member.Held);
    }

    /// <summary>The topic whose partitions stand for connections; nothing is written to it.</summary>
    public static string ControlTopic(string group) => $"collector_control.{group}";

    public ReplicaStatus GetStatus() =>
        new(_group, _instance, _member.State.ToString().ToLowerInvariant(), _connections, _problem) { Shared = _partitions };

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await KeepTopicAsync(once: true, stopping);
            _logger.InGroup(_group, _instance, _partitions);
            await TogetherAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Whoever comes back in time under the same name finds what it had; else the others get it.
        }
    }

    private async Task TogetherAsync(CancellationToken stopping)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] both = [_member.RunAsync(FollowAsync, ending.Token), KeepTopicAsync(once: false, ending.Token)];
        await Task.WhenAny(both);
        await ending.CancelAsync();
        await Task.WhenAll(both);
    }

    private static string NameOf(string dataFolder) =>
        $"{Environment.MachineName}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataFolder)))[..HashDigits]}";

    /// <summary>All symbols are others now; told before the feeds are.</summary>
    public void OnSelection(IReadOnlyList<FeedChannel> wanted)
    {
        _gaps.SetRanks(wanted);
        var held = _feeds.Preview(_slots, wanted);
        _gaps.TakeOver([.. held], [.. held.Except(_feeds.HeldChannels())], _time.GetUtcNow() - Unseen);
    }

    private async Task FollowAsync(IReadOnlySet<int> held, CancellationToken cancellationToken)
    {
        var before = _feeds.HeldChannels();
        if (!_slots.IsSubsetOf(held))
        {
            // What is not held any more goes first: others wait for it.
            Hold(_slots.Intersect(held).ToFrozenSet());
            _gaps.SetCovered(_feeds.HeldChannels());
        }

        var now = _feeds.Preview(held);
        if (now.Except(before).ToArray() is { Length: > 0 } gained)
        {
            await _gaps.TakeOverAsync([.. now], gained, (_awaySince ?? _time.GetUtcNow()) - Unseen, _archivePartitions, cancellationToken);
        }

        Hold(held.ToFrozenSet());
        _logger.HoldsConnections(_instance, held.Count, _group, now.Count);
        while (_feeds.AreClosing)
        {
            await Task.Delay(ClosePoll, _time, cancellationToken);
        }
    }

    private void Hold(FrozenSet<int> slots)
    {
        _feeds.SetSlots(slots);
        (_slots, _connections) = (slots, [.. slots.Order()]);
    }

    /// <summary>Grows to as many partitions as the largest market needs; recreated if the hub lost its data.</summary>
    private async Task KeepTopicAsync(bool once, CancellationToken stopping)
    {
        var lookedAt = _time.GetTimestamp();
        while (true)
        {
            NoteOutage();
            if (once || _feeds.SlotCount > _partitions || _time.GetElapsedTime(lookedAt) >= BetweenChecks)
            {
                lookedAt = _time.GetTimestamp();
                if (await EnsureTopicAsync(stopping) && once)
                {
                    return;
                }
            }

            await Task.Delay(BetweenLooks, _time, stopping);
        }
    }

    /// <summary>Who died while the hub was away is noticed only afterwards.</summary>
    private void NoteOutage()
    {
        var now = _time.GetUtcNow();
        if (_member.State == MemberState.Away)
        {
            _awaySince ??= now;
            _backAt = null;
        }
        else if (_awaySince is not null && now - (_backAt ??= now) > Aftermath)
        {
            _awaySince = null;
        }
    }

    private async Task<bool> EnsureTopicAsync(CancellationToken stopping)
    {
        var needed = Math.Max(1, _feeds.SlotCount);
        try
        {
            _partitions = await MembershipTopic.EnsureAsync(_hub, ControlTopic(_group), needed, _logger, TopicTimeout, _time, stopping);
            _problem = _partitions < needed
                ? $"Topic {ControlTopic(_group)} has {_partitions} partitions and the event hub makes no more, so {needed - _partitions} "
                    + $"of {needed} connections belong to no collector: "
                    + "give it more partitions, or set Polygon:MaxConnections to what it has."
                : null;
        }
        catch (EventStreamException exception)
        {
            _problem = exception.Message;
        }

        // Never ended, so that a problem that comes and goes is not logged each time.
        if (_problem is { } problem && _problems.Failed(out _) != OutageNotice.None)
        {
            _logger.GroupProblem(_group, problem);
        }

        return _partitions > 0;
    }
}
