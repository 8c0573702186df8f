using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Hub;

namespace CloudTicks.Cli.Configuring;

/// <summary>A version of a document from the hub. Version 0 contains the defaults. Only the version in force has an ETag.</summary>
internal sealed record VersionedDocument(int Version, string? Tag, JsonObject Document)
{
    /// <summary>Reads the document in force.</summary>
    /// <exception cref="HubProblemException">The hub refuses or does not answer, or the server is not a hub.</exception>
    public static async Task<VersionedDocument> ReadAsync(HubClient hub, ConfigArguments args, CancellationToken cancellationToken)
    {
        var response = await hub.GetAsync(args.Path, cancellationToken);
        return response is { Tag: { } tag, Version: { } version }
            ? new VersionedDocument(version, tag, response.Object)
            : throw new HubProblemException(ExitCodes.Incomplete, "The server at the hub's address is not a CloudTicks hub.", null);
    }

    /// <summary>Reads a version by its number.</summary>
    /// <exception cref="HubProblemException">The hub refuses or does not answer, or the server is not a hub.</exception>
    public static async Task<VersionedDocument> ReadAsync(
        HubClient hub, ConfigArguments args, int version, CancellationToken cancellationToken)
    {
        var response = await hub.GetAsync(
            string.Create(CultureInfo.InvariantCulture, $"{args.Path}/versions/{version}"), cancellationToken);
        return response.Object["document"] is JsonObject document
            ? new VersionedDocument(version, null, document)
            : throw new HubProblemException(ExitCodes.Incomplete, "The server at the hub's address is not a CloudTicks hub.", null);
    }
}
