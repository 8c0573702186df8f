using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// ApiVersions, key 18, versions 0 to 3. Other versions get a version 0 response with error 35 and the supported versions (KIP-511).
/// </summary>
internal sealed class ApiVersionsApi(ApiTable table) : Api(ApiKey.ApiVersions, 0, 3, firstFlexible: 3)
{
    public override ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var isSupported = request.Version >= MinVersion && request.Version <= MaxVersion;
        var body = response.Body;
        body.WriteError(isSupported ? ErrorCode.None : ErrorCode.UnsupportedVersion);
        body.WriteArray(table.All, static (w, api) =>
        {
            w.WriteInt16((short)api.Key);
            w.WriteInt16(api.MinVersion);
            w.WriteInt16(api.MaxVersion);
        });
        if (isSupported && request.Version >= 1)
        {
            body.WriteInt32(0);
        }

        return ValueTask.CompletedTask;
    }
}
