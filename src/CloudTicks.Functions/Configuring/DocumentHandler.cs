using System.Globalization;
using System.Text;
using CloudTicks.CentralHub.Store.Documents;
using CloudTicks.Functions.Querying;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Configuring;

/// <summary>Serves documents and their versions.</summary>
/// <param name="guard">Responds with a problem while the database is unavailable.</param>
public sealed class DocumentHandler(
    HubServices services, DocumentReader reader, ConfigHistory history, DocumentPolls polls, DatabaseGuard guard)
{
    private const int DefaultVersions = 50;
    private const int MaxVersions = 500;

    /// <summary>Returns the document in force.</summary>
    /// <param name="request">
    /// The request: <c>If-None-Match</c>, and <c>wait</c>, the seconds (at most 60) for which the response may be held until the document
    /// changes.
    /// </param>
    public Task<IActionResult> GetAsync(string? service, HttpRequest request, CancellationToken cancellationToken) =>
        guard.RespondAsync(async () =>
    {
        var document = await services.RequireAsync(service, cancellationToken);
        var parameters = new QueryParameters(request.Query, "wait");
        var wait = parameters.Wait();
        return parameters.Refusal() is { } refusal ? refusal
            : !TagCondition.TryReadIfNoneMatch(request, out var known) ? ConfigProblems.Tags("If-None-Match")
            : await polls.RespondAsync(document.Service, known, wait, cancellationToken);
    });

    /// <summary>Lists the versions, newest first.</summary>
    /// <param name="request">
    /// The request, with <c>limit</c>, 50 by default and at most 500, and <c>before</c>: only versions with a smaller number are listed.
    /// </param>
    public Task<IActionResult> HistoryAsync(string? service, HttpRequest request, CancellationToken cancellationToken) =>
        guard.RespondAsync(async () =>
    {
        var document = await services.RequireAsync(service, cancellationToken);
        var parameters = new QueryParameters(request.Query, "before", "limit");
        var limit = parameters.Limit(DefaultVersions, MaxVersions);
        int? before = parameters.TryGet<int>("before", TryParseVersion, "It must be a version's number.", out var version) ? version : null;
        return parameters.Refusal() is { } refusal ? refusal
            : DocumentResponses.History(document.Service, await history.ListAsync(document.Service, before, limit, cancellationToken));
    });

    /// <summary>Returns one version with its document.</summary>
    /// <param name="version">The version, 0 for the defaults.</param>
    public Task<IActionResult> VersionAsync(string? service, string? version, CancellationToken cancellationToken) =>
        guard.RespondAsync(async () =>
    {
        var document = await services.RequireAsync(service, cancellationToken);
        return TryParseVersion(version, out var number)
            && await reader.FindAsync(document.Service, number, cancellationToken) is { } found
            ? DocumentResponses.Version(found)
            : ConfigProblems.UnknownVersion(document.Service, version);
    });

    /// <summary>Returns the JSON schema of a service's document.</summary>
    public Task<IActionResult> SchemaAsync(string? service, CancellationToken cancellationToken) => guard.RespondAsync(async () =>
        JsonResponse.OfSchema(Encoding.UTF8.GetBytes((await services.RequireAsync(service, cancellationToken)).Schema)));

    internal static bool TryParseVersion(string? text, out int version) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out version);
}
