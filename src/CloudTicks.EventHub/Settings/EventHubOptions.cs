using System.ComponentModel.DataAnnotations;

namespace CloudTicks.EventHub.Settings;

/// <summary>
/// The event hub's settings. The command line sets them with <c>--data DIR</c>, <c>--port N</c> and so on. A configuration file has them in
/// the section <c>EventHub</c>, the environment with the prefix <c>EventHub__</c> (<c>EventHub__Data</c>).
/// </summary>
internal sealed record EventHubOptions
{
    public const string Section = "EventHub";

    private const long Mebibyte = 1024 * 1024;

    /// <summary>The data folder, created when it does not exist. Only one event hub can use it at a time.</summary>
    public string Data { get; init; } = "";

    /// <summary>The port of the Kafka protocol; 0 selects a free port, which the log names.</summary>
    [Range(0, 65535, ErrorMessage = "--port must be from 0 to 65535.")]
    public int Port { get; init; } = 9092;

    /// <summary>
    /// The address to listen on. An address other than loopback requires users, tokens or client certificates (<see cref="TlsClientCa"/>).
    /// </summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>The port of <c>/health</c> and <c>/alive</c>; 0 selects a free port.</summary>
    [Range(0, 65535, ErrorMessage = "--health-port must be from 0 to 65535.")]
    public int HealthPort { get; init; } = 9093;

    /// <summary>The host:port that clients connect to; when empty, the TLS name or the address that the client used.</summary>
    public string Advertise { get; init; } = "";

    /// <summary>
    /// The users that may log in with SASL PLAIN. Without users here and in <see cref="UsersFile"/>, and without tokens, no login is
    /// needed. Not accepted on the command line.
    /// </summary>
    public IReadOnlyList<UserOptions> Users { get; init; } = [];

    /// <summary>A file with more users, one <c>name:password</c> per line.</summary>
    public string UsersFile { get; init; } = "";

    /// <summary>The <c>iss</c> claim of accepted tokens (SASL OAUTHBEARER); empty disables token logins.</summary>
    public string TokenIssuer { get; init; } = "";

    /// <summary>The <c>aud</c> claim of accepted tokens.</summary>
    public string TokenAudience { get; init; } = "";

    /// <summary>The issuer's public keys, a JSON Web Key Set: a file, an https address, or an http address on loopback.</summary>
    public string TokenKeys { get; init; } = "";

    /// <summary>The claim with the client's name.</summary>
    [Required(AllowEmptyStrings = false)]
    public string TokenNameClaim { get; init; } = "sub";

    /// <summary>Tolerated difference between the issuer's clock and this machine's.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan TokenClockSkew { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The PEM file of the event hub's certificate, followed by intermediate certificates. It enables TLS.</summary>
    public string TlsCertificate { get; init; } = "";

    /// <summary>The PEM file of the certificate's key; the certificate's own file when empty.</summary>
    public string TlsKey { get; init; } = "";

    /// <summary>The PEM file of certificate authorities. Clients must then present a certificate that one of them issued.</summary>
    public string TlsClientCa { get; init; } = "";

    /// <summary>The time after which a client that has not logged in is disconnected.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan LoginTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Maximum number of connections that have not logged in; a further connection closes the oldest of them.</summary>
    [Range(1, 100_000)]
    public int MaxLogins { get; init; } = 256;

    /// <summary>Partition count of a topic that is created without a count, or on its first use.</summary>
    [Range(1, 1024, ErrorMessage = "--default-partitions must be from 1 to 1024.")]
    public int DefaultPartitions { get; init; } = 1;

    /// <summary>Maximum number of partitions of all topics.</summary>
    [Range(1, 1_000_000)]
    public int MaxPartitions { get; init; } = 10_000;

    /// <summary>Maximum number of consumer groups with members, and of groups with commits.</summary>
    [Range(1, 1_000_000)]
    public int MaxGroups { get; init; } = 10_000;

    /// <summary>Minimum session timeout of a group member, Kafka's group.min.session.timeout.ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan GroupMinSessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>Maximum session timeout of a group member, Kafka's group.max.session.timeout.ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan GroupMaxSessionTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>
    /// The time that the first members of a group wait for more members, so that members that start together cause one rebalance. Each new
    /// member restarts the wait, which ends at the latest after the longest rebalance timeout of the members. Kafka's
    /// group.initial.rebalance.delay.ms; 0 disables it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan GroupInitialRebalanceDelay { get; init; }

    /// <summary>Maximum number of client connections; a further connection is closed at once.</summary>
    [Range(1, 100_000)]
    public int MaxConnections { get; init; } = 12_000;

    /// <summary>Maximum bytes of one request; a larger request closes its connection.</summary>
    [Range(1024, 256 * Mebibyte)]
    public int MaxRequestBytes { get; init; } = (int)(32 * Mebibyte);

    /// <summary>
    /// Maximum bytes of memory, over all connections, for the received parts of requests above 64 KiB. At the limit, such a request is not
    /// read further until memory is released.
    /// </summary>
    [Range(Mebibyte, long.MaxValue)]
    public long PendingRequestBytes { get; init; } = 256 * Mebibyte;

    /// <summary>Maximum bytes of one fetch response.</summary>
    [Range(64 * 1024, 256 * Mebibyte)]
    public int MaxFetchBytes { get; init; } = (int)(16 * Mebibyte);

    /// <summary>
    /// Maximum bytes of memory, over all connections, for fetch responses. The less memory is free, the smaller the responses are.
    /// </summary>
    [Range(Mebibyte, long.MaxValue)]
    public long PendingFetchBytes { get; init; } = 256 * Mebibyte;

    /// <summary>Maximum bytes of memory for large responses without fetched records; a client that would exceed it is
    /// disconnected.</summary>
    [Range(Mebibyte, long.MaxValue)]
    public long PendingAnswerBytes { get; init; } = 256 * Mebibyte;

    /// <summary>
    /// The fraction of <see cref="PendingRequestBytes"/>, <see cref="PendingFetchBytes"/> and <see cref="PendingAnswerBytes"/> that the
    /// clients of one address may use together.
    /// </summary>
    [Range(0.01, 1)]
    public double AddressShare { get; init; } = 0.5;

    /// <summary>
    /// The fraction of <see cref="PendingRequestBytes"/>, <see cref="PendingFetchBytes"/> and <see cref="PendingAnswerBytes"/> that one
    /// connection may use.
    /// </summary>
    [Range(0.01, 1)]
    public double ConnectionShare { get; init; } = 0.25;

    /// <summary>
    /// Minimum rate at which a client must send a request, in bytes per second; a slower client is disconnected. With 0, a client is too
    /// slow only when it sends nothing for <see cref="StallTimeout"/>.
    /// </summary>
    [Range(0, 16 * Mebibyte)]
    public int MinRequestBytesPerSecond { get; init; } = 16 * 1024;

    /// <summary>
    /// The time in which a client must read each part of a response (at most 256 KiB); a slower client is disconnected. See also
    /// <see cref="MinRequestBytesPerSecond"/>.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Bytes of the write-ahead log between checkpoints; after a crash, the startup reads at most slightly more.</summary>
    [Range(64 * 1024, long.MaxValue)]
    public long CheckpointBytes { get; init; } = 256 * Mebibyte;

    /// <summary>Size in bytes at which a file of the write-ahead log is closed and the next file begins.</summary>
    [Range(64 * 1024, 1024 * Mebibyte)]
    public long LogFileBytes { get; init; } = 64 * Mebibyte;

    /// <summary>Minimum free bytes on the disk; below it producers get a retriable error.</summary>
    [Range(0, long.MaxValue)]
    public long MinFreeBytes { get; init; } = 64 * Mebibyte;

    /// <summary>Interval at which expired records are deleted and the disk is checked.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "1.00:00:00")]
    public TimeSpan UpkeepInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Rate at which the scrub verifies the checksums of all segments in the background; 0 disables it.</summary>
    [Range(0, long.MaxValue)]
    public long ScrubBytesPerSecond { get; init; } = 8 * Mebibyte;

    /// <summary>Time from the end of one scrub to the start of the next.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "365.00:00:00")]
    public TimeSpan ScrubInterval { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Rate at which compaction reads and writes in the background, together; 0 means unlimited.</summary>
    [Range(0, long.MaxValue)]
    public long CompactionBytesPerSecond { get; init; } = 32 * Mebibyte;

    /// <summary>Time from the end of one check for compaction to the start of the next.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "365.00:00:00")]
    public TimeSpan CompactionInterval { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Bytes of memory for the keys of a partition during its compaction, 37 for each key; more keys need several passes.
    /// </summary>
    [Range(64 * 1024, 16 * 1024 * Mebibyte)]
    public long CompactionMemoryBytes { get; init; } = 64 * Mebibyte;

    /// <summary>The log and <c>/health</c> warn when, at the present rate, the disk will be full within this time.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "365.00:00:00")]
    public TimeSpan DiskWarning { get; init; } = TimeSpan.FromDays(1);
}
