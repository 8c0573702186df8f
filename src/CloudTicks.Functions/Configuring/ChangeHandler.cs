using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Access;
using CloudTicks.CentralHub.Documents;
using CloudTicks.Functions.Querying;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Configuring;

/// <summary>Changes documents over HTTP.</summary>
/// <param name="guard">Responds with a problem while the database is unavailable.</param>
public sealed class ChangeHandler(HubServices services, DocumentChanges changes, DocumentReader reader, DatabaseGuard guard)
{
    /// <summary>Applies a JSON merge patch to the document in force.</summary>
    public Task<IActionResult> PatchAsync(string? service, Caller caller, HttpRequest request, CancellationToken cancellationToken) =>
        EditAsync(
        service, "patch", caller, request, (inForce, patch) => (JsonObject)MergePatch.Apply(inForce.Read(), patch)!, needsCondition: false,
        cancellationToken);

    /// <summary>Replaces the document in force.</summary>
    public Task<IActionResult> PutAsync(string? service, Caller caller, HttpRequest request, CancellationToken cancellationToken) =>
        EditAsync(service, "put", caller, request, (_, document) => document, needsCondition: true, cancellationToken);

    /// <summary>Restores an earlier version as a new one.</summary>
    /// <param name="version">The version, 0 for the defaults.</param>
    public Task<IActionResult> RollBackAsync(
        string? service, string? version, Caller caller, HttpRequest request, CancellationToken cancellationToken) =>
        guard.RespondAsync(async () =>
    {
        var document = await services.RequireAsync(service, cancellationToken);
        if (ReadChange(document, "rollback", caller, request, out var change) is { } problem)
        {
            return problem;
        }

        return DocumentHandler.TryParseVersion(version, out var number)
            && await reader.FindAsync(document.Service, number, cancellationToken) is { } earlier
            ? await MakeAsync(change! with
            {
                Comment = change.Comment ?? $"back to version {number}",
            }, _ => earlier.Read(), cancellationToken)
            : ConfigProblems.UnknownVersion(document.Service, version);
    });

    private Task<IActionResult> EditAsync(
        string? service,
        string action,
        Caller caller,
        HttpRequest request,
        Func<StoredDocument, JsonObject, JsonObject> edit,
        bool needsCondition,
        CancellationToken cancellationToken) => guard.RespondAsync(async () =>
    {
        var document = await services.RequireAsync(service, cancellationToken);
        if (ReadChange(document, action, caller, request, out var change) is { } problem)
        {
            return problem;
        }

        if (await DocumentBody.ReadAsync(request, DocumentText.MaxBytes, cancellationToken) is not { } body)
        {
            return ConfigProblems.TooLarge(DocumentText.MaxBytes);
        }

        if (!DocumentText.TryRead(body.Span, out var content, out var fault))
        {
            return ConfigProblems.Faults([fault]);
        }

        return needsCondition && request.Headers.IfMatch.Count == 0
            ? ConfigProblems.MissingCondition(await reader.NewestAsync(document.Service, cancellationToken))
            : await MakeAsync(change!, inForce => edit(inForce, content), cancellationToken);
    });

    /// <summary>Reads the requested change.</summary>
    /// <returns>The response to an invalid request; null if the request is valid.</returns>
    internal static IActionResult? ReadChange(
        ServiceDocument document, string action, Caller caller, HttpRequest request, out ChangeRequest? change,
        params string[] otherParameters)
    {
        var parameters = new QueryParameters(
            request.Query, [PollParameters.DryRunName, PollParameters.OldDryRunName, "force", "comment", .. otherParameters]);
        var (dryRun, force, comment) = (parameters.DryRun(), parameters.Flag("force"), parameters.Comment());
        change = null;
        if (parameters.Refusal() is { } refusal)
        {
            return refusal;
        }

        if (!TagCondition.TryReadIfMatch(request, out var wanted))
        {
            return ConfigProblems.Tags("If-Match");
        }

        change = new ChangeRequest(document, action, caller.Name, comment)
        {
            DryRun = dryRun,
            Force = force,
            Matches = tag => !wanted.IsSet || wanted.Matches(tag),
        };
        return null;
    }

    internal static IActionResult ResponseOf(ChangeResult result, bool dryRun) => result.State switch
    {
        ChangeOutcome.Refused => ConfigProblems.Faults(result.Faults),
        ChangeOutcome.Overtaken => ConfigProblems.Overtaken(result.InForce),
        _ => DocumentResponses.Change(result, dryRun),
    };

    private async Task<IActionResult> MakeAsync(
        ChangeRequest change, Func<StoredDocument, JsonObject?> edit, CancellationToken cancellationToken) =>
        ResponseOf(await changes.MakeAsync(change, edit, cancellationToken), change.DryRun);
}
