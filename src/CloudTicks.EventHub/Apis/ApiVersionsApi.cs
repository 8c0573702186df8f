using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>ApiVersions, key 18, versions 0 to 3; others get version 0, error 35 and the list, for clients to step down.</summary>
internal sealed class ApiVersionsApi(ApiTable table) : Api(ApiKey.ApiVersions, 0, 3, firstFlexible: 3)
{
    public override ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var known = request.Version >= MinVersion && request.Version <= MaxVersion;
        var body = response.Body;
        body.WriteError(known ? ErrorCode.None : ErrorCode.UnsupportedVersion);
        body.WriteArray(table.All, static (w, api) =>
        {
            w.WriteInt16((short)api.Key);
            w.WriteInt16(api.MinVersion);
            w.WriteInt16(api.MaxVersion);
        });
        if (known && request.Version >= 1)
        {
            body.WriteInt32(0);
        }

        return ValueTask.CompletedTask;
    }
}
