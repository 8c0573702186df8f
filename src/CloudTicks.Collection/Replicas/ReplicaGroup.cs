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
/// Shares the connections of all markets with other collectors. Connection number i of every market belongs to the collector that holds
/// partition i of the group's control topic; a collector without a partition stays disconnected. The old owner closes a connection before
/// the new owner opens it, so that the account never exceeds its connection limit. The time in between is a gap.
/// </summary>
internal sealed class ReplicaGroup
{
    private const string ConsumerGroupPrefix = "collector.";
    private const int HashDigits = 8;

    private static readonly TimeSpan TopicTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TopicCheckInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OutageGracePeriod = TimeSpan.FromMinutes(1);
    /// <summary>
    /// Maximum time for which the channels of a crashed collector are not archived: the session timeout, plus the age of the ticks that
    /// were not archived before the crash.
    /// </summary>
    private static readonly TimeSpan MaxUnownedTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClosePollInterval = TimeSpan.FromMilliseconds(20);

    private readonly EventStreamConnection _hub;
    private readonly MarketFeeds _feeds;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly string _group;
    private readonly string _instance;
    private readonly GroupMember _member;
    private readonly OutageLog _problems;
    private readonly GapService _gaps;
    private readonly int _archivePartitions;
    private volatile string? _problem;
    private volatile IReadOnlyList<int> _connectionNumbers = [];
    private volatile FrozenSet<int> _slots = [];
    private volatile int _partitions;
    private DateTimeOffset? _hubUnavailableSince;
    private DateTimeOffset? _hubAvailableAgainAt;

    /// <summary>Creates the member, and releases all connections of the feeds until the group assigns some.</summary>
    /// <param name="gaps">Notified of channels before this collector covers them.</param>
    public ReplicaGroup(
        CollectorOptions options, string dataFolder, EventStreamConnection hub, MarketFeeds feeds, GapService gaps, int archivePartitions,
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

    /// <summary>The name of the topic whose partitions represent connections. Nothing is written to it.</summary>
    public static string ControlTopic(string group) => $"collector_control.{group}";

    public ReplicaStatus GetStatus() =>
        new(_group, _instance, NameOf(_member.State), _connectionNumbers, _problem) { Shared = _partitions };

    /// <summary>
    /// The state's name in the status. The status is a contract, so these names must not change when an enum member is renamed.
    /// </summary>
    private static string NameOf(MemberState state) => state switch
    {
        MemberState.Joining => "joining",
        MemberState.Joined => "joined",
        MemberState.Unreachable => "away",
        MemberState.Replaced => "replaced",
        _ => throw new ArgumentOutOfRangeException(nameof(state), state, null),
    };

    public async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            await MaintainTopicAsync(once: true, stopping);
            _logger.InGroup(_group, _instance, _partitions);
            await RunMemberAsync(stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The partitions are not released: a restart within the session timeout keeps them; after the timeout, other collectors get
            // them.
        }
    }

    private async Task RunMemberAsync(CancellationToken stopping)
    {
        using var runEnd = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task[] loops = [_member.RunAsync(OnAssignedAsync, runEnd.Token), MaintainTopicAsync(once: false, runEnd.Token)];
        await Task.WhenAny(loops);
        await runEnd.CancelAsync();
        await Task.WhenAll(loops);
    }

    private static string NameOf(string dataFolder) =>
        $"{Environment.MachineName}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(dataFolder)))[..HashDigits]}";

    /// <summary>Handles a new selection, before the feeds receive it.</summary>
    public void OnSelection(IReadOnlyList<FeedChannel> wanted)
    {
        _gaps.SetRanks(wanted);
        var held = _feeds.Preview(_slots, wanted);
        _gaps.TakeOver([.. held], [.. held.Except(_feeds.HeldChannels())], _time.GetUtcNow() - MaxUnownedTime);
    }

    private async Task OnAssignedAsync(IReadOnlySet<int> held, CancellationToken cancellationToken)
    {
        var channelsBefore = _feeds.HeldChannels();
        if (!_slots.IsSubsetOf(held))
        {
            // Release connections first, because other collectors wait for them.
            HoldConnections(_slots.Intersect(held).ToFrozenSet());
            _gaps.SetHeldChannels(_feeds.HeldChannels());
        }

        var now = _feeds.Preview(held);
        if (now.Except(channelsBefore).ToArray() is { Length: > 0 } gained)
        {
            var heldUntil = (_hubUnavailableSince ?? _time.GetUtcNow()) - MaxUnownedTime;
            await _gaps.TakeOverAsync([.. now], gained, heldUntil, _archivePartitions, cancellationToken);
        }

        HoldConnections(held.ToFrozenSet());
        _logger.HoldsConnections(_instance, held.Count, _group, now.Count);
        while (_feeds.IsAnyClosing)
        {
            await Task.Delay(ClosePollInterval, _time, cancellationToken);
        }
    }

    private void HoldConnections(FrozenSet<int> slots)
    {
        _feeds.SetSlots(slots);
        (_slots, _connectionNumbers) = (slots, [.. slots.Order()]);
    }

    /// <summary>
    /// Ensures that the topic has a partition for each connection that the largest market needs, and creates the topic again if the event
    /// hub lost it.
    /// </summary>
    private async Task MaintainTopicAsync(bool once, CancellationToken stopping)
    {
        var checkedAt = _time.GetTimestamp();
        while (true)
        {
            TrackOutage();
            if (once || _feeds.SlotCount > _partitions || _time.GetElapsedTime(checkedAt) >= TopicCheckInterval)
            {
                checkedAt = _time.GetTimestamp();
                if (await EnsureTopicAsync(stopping) && once)
                {
                    return;
                }
            }

            await Task.Delay(PollInterval, _time, stopping);
        }
    }

    /// <summary>
    /// Tracks outages of the event hub: the crash of another collector during an outage is detected only after the outage.
    /// </summary>
    private void TrackOutage()
    {
        var now = _time.GetUtcNow();
        if (_member.State == MemberState.Unreachable)
        {
            _hubUnavailableSince ??= now;
            _hubAvailableAgainAt = null;
        }
        else if (_hubUnavailableSince is not null && now - (_hubAvailableAgainAt ??= now) > OutageGracePeriod)
        {
            _hubUnavailableSince = null;
        }
    }

    private async Task<bool> EnsureTopicAsync(CancellationToken stopping)
    {
        var needed = Math.Max(1, _feeds.SlotCount);
        try
        {
            _partitions = await MembershipTopic.EnsureAsync(_hub, ControlTopic(_group), needed, _logger, TopicTimeout, _time, stopping);
            _problem = _partitions < needed
                ? $"Topic {ControlTopic(_group)} has {_partitions} partitions and the event hub adds no more, so {needed - _partitions} "
                    + $"of {needed} connections belong to no collector: add partitions to the topic, or set Polygon:MaxConnections to "
                    + $"{_partitions}."
                : null;
        }
        catch (EventStreamException exception)
        {
            _problem = exception.Message;
        }

        // _problems.End is never called, so that an intermittent problem is not logged each time it recurs.
        if (_problem is { } problem && _problems.Failed(out _) != OutageNotice.None)
        {
            _logger.GroupProblem(_group, problem);
        }

        return _partitions > 0;
    }
}
