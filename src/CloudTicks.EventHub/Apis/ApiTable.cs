using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>The APIs by key. The response to ApiVersions lists all of them.</summary>
internal sealed class ApiTable
{
    private readonly SortedDictionary<short, Api> _apis = [];

    /// <param name="authenticator">
    /// Verifies passwords and tokens. Null when no login is configured: the SASL APIs are then not served.
    /// </param>
    public ApiTable(BrokerNode broker, Authenticator? authenticator)
    {
        Api[] apis =
        [
            new ProduceApi(broker), new FetchApi(broker), new ListOffsetsApi(broker), new MetadataApi(broker),
            new OffsetCommitApi(broker), new OffsetFetchApi(broker), new FindCoordinatorApi(broker), new JoinGroupApi(broker),
            new HeartbeatApi(broker), new LeaveGroupApi(broker), new SyncGroupApi(broker), new DescribeGroupsApi(broker),
            new ListGroupsApi(broker), new DeleteGroupsApi(broker), new CreateTopicsApi(broker), new DeleteTopicsApi(broker),
            new DeleteRecordsApi(broker), new CreatePartitionsApi(broker), new InitProducerIdApi(broker), new DescribeConfigsApi(broker),
            new AlterConfigsApi(broker, incremental: false), new AlterConfigsApi(broker, incremental: true),
            new DescribeLogDirsApi(broker), new DescribeClusterApi(broker), new OffsetDeleteApi(broker), new ApiVersionsApi(this),
        ];
        Api[] sasl = authenticator is null ? [] : [new SaslHandshakeApi(authenticator), new SaslAuthenticateApi(authenticator)];
        foreach (var api in apis.Concat(sasl))
        {
            _apis.Add((short)api.Key, api);
        }
    }

    public IReadOnlyCollection<Api> All => _apis.Values;

    /// <exception cref="MalformedRequestException">The key or the version is not served.</exception>
    public Api Find(short key, short version)
    {
        if (!_apis.TryGetValue(key, out var api))
        {
            throw new MalformedRequestException($"API key {key} is not served");
        }

        // An ApiVersions request of an unknown version gets a response, so that the client can fall back to an older version.
        return (version >= api.MinVersion && version <= api.MaxVersion) || api.Key == ApiKey.ApiVersions
            ? api
            : throw new MalformedRequestException($"{api.Key} version {version} is not served, only {api.MinVersion} to {api.MaxVersion}");
    }
}
