using System.ComponentModel.DataAnnotations;

namespace CloudTicks.EventHub.Settings;

/// <summary>
/// The hub's settings. On the command line <c>--data DIR</c>, <c>--port N</c> and so on; elsewhere in the section <c>EventHub</c>
/// (environment: <c>EventHub__Data</c>).
/// </summary>
internal sealed record EventHubOptions
{
    public const string Section = "EventHub";

    private const long Mebibyte = 1024 * 1024;

    /// <summary>The data folder, made when it is not there. One hub at a time uses it.</summary>
    public string Data { get; init; } = "";

    /// <summary>The port of the Kafka protocol; 0 takes a free one, which the log then names.</summary>
    [Range(0, 65535, ErrorMessage = "--port must be from 0 to 65535.")]
    public int Port { get; init; } = 9092;

    /// <summary>The address to listen on; other than loopback only with <see cref="Users"/>, tokens or <see cref="TlsClientCa"/>.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>The port of <c>/health</c> and <c>/alive</c>; 0 takes a free one.</summary>
    [Range(0, 65535, ErrorMessage = "--health-port must be from 0 to 65535.")]
    public int HealthPort { get; init; } = 9093;

    /// <summary>host:port that clients are told to connect to; when empty, the name (TLS) or address by which they came.</summary>
    public string Advertise { get; init; } = "";

    /// <summary>
    /// Who may log in by SASL PLAIN; open without users here and in <see cref="UsersFile"/>, and without tokens. Never on the command line.
    /// </summary>
    public IReadOnlyList<UserOptions> Users { get; init; } = [];

    /// <summary>A file of more users, one <c>name:password</c> a line.</summary>
    public string UsersFile { get; init; } = "";

    /// <summary>The issuer of tokens by which clients log in (SASL OAUTHBEARER), their claim <c>iss</c>; none when empty.</summary>
    public string TokenIssuer { get; init; } = "";

    /// <summary>Whom the tokens must be for: their claim <c>aud</c>.</summary>
    public string TokenAudience { get; init; } = "";

    /// <summary>The issuer's public keys, a JSON Web Key Set: a file, an https address, or an http address of this machine.</summary>
    public string TokenKeys { get; init; } = "";

    /// <summary>The claim that names the client.</summary>
    [Required(AllowEmptyStrings = false)]
    public string TokenNameClaim { get; init; } = "sub";

    /// <summary>How far the issuer's clock and this one may differ.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan TokenClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The PEM file of the hub's certificate, intermediate ones behind it; connections are then TLS.</summary>
    public string TlsCertificate { get; init; } = "";

    /// <summary>The PEM file of the certificate's key; the certificate's own file when empty.</summary>
    public string TlsKey { get; init; } = "";

    /// <summary>The PEM file of authorities: clients must then show a certificate that one of them issued.</summary>
    public string TlsClientCa { get; init; } = "";

    /// <summary>A client that has not logged in after this is disconnected.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Connections that have not logged in at a time; one more closes the oldest of them.</summary>
    [Range(1, 100_000)]
    public int MaxLogins { get; init; } = 256;

    /// <summary>Partitions of a topic that is made because a client asked for it, or that does not say how many.</summary>
    [Range(1, 1024, ErrorMessage = "--default-partitions must be from 1 to 1024.")]
    public int DefaultPartitions { get; init; } = 1;

    /// <summary>Partitions of all topics together.</summary>
    [Range(1, 1_000_000)]
    public int MaxPartitions { get; init; } = 10_000;

    /// <summary>Consumer groups that have members, and as many that have commits, at a time.</summary>
    [Range(1, 1_000_000)]
    public int MaxGroups { get; init; } = 10_000;

    /// <summary>A group's member with a shorter session timeout is refused, Kafka's group.min.session.timeout.ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan GroupMinSessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>A group's member with a longer session timeout is refused, Kafka's group.max.session.timeout.ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan GroupMaxSessionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// How long the first members of a group wait for more, so that several that start together cost one rebalance; each newcomer begins
    /// the wait anew, up to its rebalance timeout. Kafka's group.initial.rebalance.delay.ms; 0 does not wait.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan GroupInitialRebalanceDelay { get; init; }

    /// <summary>Client connections at a time; one more is closed at once.</summary>
    [Range(1, 100_000)]
    public int MaxConnections { get; init; } = 12_000;

    /// <summary>A request that claims more bytes closes its connection.</summary>
    [Range(1024, 256 * Mebibyte)]
    public int MaxRequestBytes { get; init; } = (int)(32 * Mebibyte);

    /// <summary>
    /// Requests of more than 64 KiB in memory, as far as they have arrived, of all connections together. A connection that would exceed
    /// it is not read from until there is room.
    /// </summary>
    [Range(Mebibyte, long.MaxValue)]
    public long PendingRequestBytes { get; init; } = 256 * Mebibyte;

    /// <summary>One fetch answers no more than this, whatever it asks for.</summary>
    [Range(64 * 1024, 256 * Mebibyte)]
    public int MaxFetchBytes { get; init; } = (int)(16 * Mebibyte);

    /// <summary>Fetch answers in memory, of all connections together; the less is left of it, the less a fetch answers.</summary>
    [Range(Mebibyte, long.MaxValue)]
    public long PendingFetchBytes { get; init; } = 256 * Mebibyte;

    /// <summary>Large answers in memory, fetched records aside; a client that would exceed it is disconnected.</summary>
    [Range(Mebibyte, long.MaxValue)]
    public long PendingAnswerBytes { get; init; } = 256 * Mebibyte;

    /// <summary>The part of each of the three bounds above that the clients of one address may use together.</summary>
    [Range(0.01, 1)]
    public double AddressShare { get; init; } = 0.5;

    /// <summary>The part of each of these bounds that one connection may use.</summary>
    [Range(0.01, 1)]
    public double ConnectionShare { get; init; } = 0.25;

    /// <summary>A client that sends a request more slowly is disconnected; 0 leaves it at <see cref="StallTimeout"/>.</summary>
    [Range(0, 16 * Mebibyte)]
    public int MinRequestBytesPerSecond { get; init; } = 16 * 1024;

    /// <summary>A client that takes nothing of an answer for this long is disconnected.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The write-ahead log grows by this much between checkpoints; a start after a kill reads no more than about that.</summary>
    [Range(64 * 1024, long.MaxValue)]
    public long CheckpointBytes { get; init; } = 256 * Mebibyte;

    /// <summary>A file of the write-ahead log that has reached this takes no more, and the next one begins.</summary>
    [Range(64 * 1024, 1024 * Mebibyte)]
    public long LogFileBytes { get; init; } = 64 * Mebibyte;

    /// <summary>With less free space than this, producers are answered with a retriable error.</summary>
    [Range(0, long.MaxValue)]
    public long MinFreeBytes { get; init; } = 64 * Mebibyte;

    /// <summary>How often expired records are looked for, and the disk is looked at.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan UpkeepInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How fast all segments are read against their checksums in the background; 0 turns it off.</summary>
    [Range(0, long.MaxValue)]
    public long ScrubBytesPerSecond { get; init; } = 8 * Mebibyte;

    /// <summary>From the end of one such round to the begin of the next.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "365.00:00:00")]
    public TimeSpan ScrubInterval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How fast compaction reads and writes in the background, together; 0: as fast as it goes.</summary>
    [Range(0, long.MaxValue)]
    public long CompactionBytesPerSecond { get; init; } = 32 * Mebibyte;

    /// <summary>From the end of one look for what is to be compacted to the begin of the next.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "365.00:00:00")]
    public TimeSpan CompactionInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Memory for keys, 37 bytes each, while a partition is compacted; with more keys it takes several passes.</summary>
    [Range(64 * 1024, 16 * 1024 * Mebibyte)]
    public long CompactionMemoryBytes { get; init; } = 64 * Mebibyte;

    /// <summary>When the disk will be full sooner than this at its present pace, the log and <c>/health</c> say so.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan DiskWarning { get; init; } = TimeSpan.FromDays(1);
}
