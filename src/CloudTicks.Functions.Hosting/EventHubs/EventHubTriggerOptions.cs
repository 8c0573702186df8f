using System.ComponentModel.DataAnnotations;

namespace CloudTicks.Functions.Hosting.EventHubs;

internal sealed record EventHubTriggerOptions
{
    public const string HostJsonSection = "extensions:eventHubs";

    /// <summary>Where the settings have what is this host's own.</summary>
    public const string Section = "FunctionsHosting";

    /// <summary>Events that a function gets at once at most; 100 by default, as in the Functions runtime.</summary>
    [Range(1, 100_000)]
    public int MaxEventBatchSize { get; set; } = 100;

    /// <summary>Bytes that a function gets at once at most (one event may be larger), 4 MiB by default.</summary>
    [Range(1, 1 << 30)]
    public int MaxBatchBytes { get; set; } = 4 << 20;

    /// <summary>Most bytes held for a function, 64 MiB by default. A full partition pauses until half is done.</summary>
    [Range(1 << 20, 1 << 30)]
    public int MaxBufferedBytes { get; set; } = 64 << 20;

    /// <summary>
    /// Partitions for which a function is called at the same time, 16 by default. A call waits, for a commit above all, and those that wait
    /// at the same time share it; at the start each may open a connection to the database.
    /// </summary>
    [Range(1, 1_024)]
    public int MaxConcurrentInvocations { get; set; } = 16;

    /// <summary>The longest delay between calls that fail after the function's own retries have run out, 5 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a running call may go on when the host stops or the partition goes to another one, 3 s by default.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The name of this host in its consumer groups, which a new process of it keeps (<c>group.instance.id</c>): it gets its partitions
    /// back at once, where without a name the event hub waits out the session of the killed one, 10 s. Two hosts of one name take the
    /// partitions from each other; so it is empty by default, and a host that ends is noticed after its session only.
    /// </summary>
    public string InstanceId { get; set; } = "";

    /// <summary>
    /// How long the event hub keeps the partitions of a host that is silent, 10 s by default, 30 s on Event Hubs. A host with a name
    /// (<see cref="InstanceId"/>) that takes longer to come back finds them with others.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:06", "00:30:00")]
    public TimeSpan? SessionTimeout { get; set; }
}
