namespace CloudTicks.EventHub.Apis;

/// <summary>
/// The operations that a client may perform, as a bit field; the bit positions are Kafka's operation numbers. Without ACLs every operation
/// is allowed.
/// </summary>
internal static class AuthorizedOperations
{
    /// <summary>The value in a response when the client did not request its operations.</summary>
    public const int NotRequested = int.MinValue;

    public const int Topic = Read | Write | Create | Delete | Alter | Describe | DescribeConfigs | AlterConfigs;
    public const int Group = Read | Delete | Describe;
    public const int Cluster = Create | Alter | Describe | ClusterAction | DescribeConfigs | AlterConfigs | IdempotentWrite;

    private const int Read = 1 << 3;
    private const int Write = 1 << 4;
    private const int Create = 1 << 5;
    private const int Delete = 1 << 6;
    private const int Alter = 1 << 7;
    private const int Describe = 1 << 8;
    private const int ClusterAction = 1 << 9;
    private const int DescribeConfigs = 1 << 10;
    private const int AlterConfigs = 1 << 11;
    private const int IdempotentWrite = 1 << 12;
}
