using System.Text.Encodings.Web;
using System.Text.Json;
using CloudTicks.CentralHub.Client;

namespace CloudTicks.CentralHub.Explaining;

/// <summary>The response of <c>GET /api/v1/settings</c>.</summary>
public sealed class SettingsResponse
{
    private static readonly JsonSerializerOptions SnakeCase =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly SettingsExplanation _settings;
    private readonly HubFollowerService? _following;

    internal SettingsResponse(SettingsExplanation settings, HubFollowerService? following) =>
        (_settings, _following) = (settings, following);

    /// <summary>Serializes the settings of this process.</summary>
    /// <returns>JSON: <c>service</c>, <c>instance</c>, <c>version</c> of its document, <c>problem</c>, <c>settings</c>.</returns>
    public byte[] ToJson(string service) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            Service = service,
            HubReporter.Instance,
            Version = _following?.Document.State.InForce?.Version,
            _following?.Document.State.Problem,
            Settings = _settings.Read(),
        },
        SnakeCase);
}
