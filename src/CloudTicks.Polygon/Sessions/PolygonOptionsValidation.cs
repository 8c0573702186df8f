using Microsoft.Extensions.Options;

namespace CloudTicks.Polygon.Sessions;

internal sealed class PolygonOptionsValidation(PolygonApiKey apiKey) : IValidateOptions<PolygonOptions>
{
    public ValidateOptionsResult Validate(string? name, PolygonOptions options)
    {
        if (!apiKey.IsSet)
        {
            return ValidateOptionsResult.Fail(
                $"{PolygonApiKey.Setting} is not set: set the environment variable {PolygonApiKey.Setting} to the API key of the "
                    + "Polygon.io account, or start AppHost, which uses the simulator without a key.");
        }

        if (!options.Endpoint.IsAbsoluteUri || options.WebSocketEndpoint is not { Scheme: "ws" or "wss" } endpoint)
        {
            return ValidateOptionsResult.Fail(
                $"Polygon:Endpoint is '{options.Endpoint}', but must be an address such as wss://socket.polygon.io.");
        }

        if (options.RestEndpoint is { } rest
            && !(rest is { IsAbsoluteUri: true, Scheme: "https" or "http" } && (rest.Scheme == "https" || rest.IsLoopback)))
        {
            return ValidateOptionsResult.Fail(
                $"Polygon:RestEndpoint is '{rest}', but must be an address such as https://api.polygon.io; the API key must not travel "
                    + $"unencrypted.");
        }

        if (Array.Find(options.PageHostNames, host => Uri.CheckHostName(host) != UriHostNameType.Dns) is { } wrong)
        {
            return ValidateOptionsResult.Fail(
                $"Polygon:PageHosts contains '{wrong}', but must be host names separated by commas, such as "
                    + "api.polygon.io,api.massive.com.");
        }

        return endpoint.Scheme == "ws" && !endpoint.IsLoopback
            ? ValidateOptionsResult.Fail(
                $"Polygon:Endpoint is '{options.Endpoint}': the API key must not travel unencrypted, so use wss://.")
            : ValidateOptionsResult.Success;
    }
}
