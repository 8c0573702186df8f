using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Functions.Hosting.EventHubs;

internal sealed record EventHubTriggerOptions
{
    public const string HostJsonSection = "extensions:eventHubs";

    /// <summary>The section for this host's own settings.</summary>
    public const string Section = "FunctionsHosting";

    /// <summary>Maximum number of events per call; 100 by default, as in the Functions runtime.</summary>
    [Range(1, 100_000)]
    public int MaxEventBatchSize { get; set; } = 100;

    /// <summary>Maximum bytes of events per call, 4 MiB by default; a single event may be larger.</summary>
    [Range(1, 1 << 30)]
    public int MaxBatchBytes { get; set; } = 4 << 20;

    /// <summary>
    /// Maximum bytes buffered for a function, 64 MiB by default, divided equally among its partitions. When a partition's share is full,
    /// reading pauses until half of it is processed.
    /// </summary>
    [Range(1 << 20, 1 << 30)]
    public int MaxBufferedBytes { get; set; } = 64 << 20;

    /// <summary>
    /// Maximum number of partitions for which a function is called concurrently, 16 by default. A call mostly waits for a database commit,
    /// and concurrent calls share a commit; at the start each call may open a database connection.
    /// </summary>
    [Range(1, 1_024)]
    public int MaxConcurrentInvocations { get; set; } = 16;

    /// <summary>Maximum delay between failing calls after the function's own retries are used up, 5 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a running call may continue when the host stops or the partition moves to another host, 3 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The static name of this host in its consumer groups (<c>group.instance.id</c>); empty by default. A restarted host with a name gets
    /// its partitions back at once. Without a name, the partitions of a killed host are reassigned only when its session expires
    /// (<see cref="SessionTimeout"/>). Names must be unique: two hosts with the same name take the partitions from each other.
    /// </summary>
    public string InstanceId { get; set; } = "";

    /// <summary>
    /// How long an unresponsive host keeps its partitions before they are assigned to others, 10 s by default, 30 s on Event Hubs. A named
    /// host (<see cref="InstanceId"/>) keeps them through a restart that takes less time than this.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:06", "00:30:00")]
    public TimeSpan? SessionTimeout { get; set; }
}
