using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Access;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Store.Documents;
using CloudTicks.CentralHub.Store.Reports;
using CloudTicks.Functions.Querying;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Configuring;

/// <summary>Registers other programs' services, so that the central hub stores their documents.</summary>
/// <param name="guard">Responds with a problem while the database is unavailable.</param>
public sealed class ServiceHandler(
    HubServices services,
    ServiceTable table,
    DocumentReader reader,
    ServiceReports reports,
    HubLists lists,
    DocumentSignals signals,
    ChangeAnnouncements announcements,
    DatabaseGuard guard,
    ConfigMetrics metrics,
    ILogger<ServiceHandler> logger)
{
    private const int MaxServices = 100;

    /// <summary>Returns the schema and defaults of a service and, if it is registered, its author, times and revision.</summary>
    public Task<IActionResult> GetAsync(string? service, CancellationToken cancellationToken) => guard.RespondAsync(async () =>
    {
        var registered = services.BuiltIn.Find(service) is null ? await services.FindAsync(service, cancellationToken) : null;
        var document = services.Of(service, registered);
        return DocumentResponses.Of(new JsonObject
        {
            ["service"] = document.Service,
            ["registered"] = registered is not null,
            ["revision"] = registered?.Revision,
            ["author"] = registered?.Author,
            ["time"] = registered is null ? null : DocumentResponses.Time(registered.CreatedMs),
            ["changed"] = registered is null ? null : DocumentResponses.Time(registered.ChangedMs),
            ["schema"] = JsonNode.Parse(document.Schema),
            ["defaults"] = services.DefaultsOf(document.Service, registered).Read(),
        });
    });

    /// <summary>Registers a service, or replaces its schema and defaults.</summary>
    public async Task<IActionResult> RegisterAsync(
        string? service, Caller caller, HttpRequest request, CancellationToken cancellationToken)
    {
        var parameters = new QueryParameters(request.Query, PollParameters.DryRunName, PollParameters.OldDryRunName, "comment");
        var (dryRun, comment) = (parameters.DryRun(), parameters.Comment());
        if ((Refusal(service) ?? parameters.Refusal()) is { } refusal)
        {
            return refusal;
        }

        if (await DocumentBody.ReadAsync(request, DocumentText.MaxBytes, cancellationToken) is not { } body)
        {
            return ConfigProblems.TooLarge(DocumentText.MaxBytes);
        }

        if (!DocumentText.TryRead(body.Span, out var content, out var fault))
        {
            return ConfigProblems.Faults([fault], ConfigProblems.NotRegistered);
        }

        var faults = new FaultList();
        var registration = await ServiceRegistration.ReadAsync(service!, content, lists.GetCurrent(), faults, cancellationToken);
        return registration is null
            ? ConfigProblems.Faults(faults.Faults, ConfigProblems.NotRegistered)
            : await guard.RespondAsync(() => RegisterAsync(service!, registration, caller, comment, dryRun, cancellationToken));
    }

    /// <summary>Removes a registration; the versions of its document stay in the database.</summary>
    public async Task<IActionResult> UnregisterAsync(
        string? service, Caller caller, HttpRequest request, CancellationToken cancellationToken)
    {
        var parameters = new QueryParameters(request.Query, PollParameters.DryRunName, PollParameters.OldDryRunName, "comment");
        var (dryRun, comment) = (parameters.DryRun(), parameters.Comment());
        if ((services.BuiltIn.Find(service) is not null ? ConfigProblems.BuiltInService(service!) : parameters.Refusal()) is { } refusal)
        {
            return refusal;
        }

        return await guard.RespondAsync(async () =>
        {
            var newest = await reader.NewestAsync((await services.RequireAsync(service, cancellationToken)).Service, cancellationToken);
            var removed = dryRun ? await services.FindAsync(service, cancellationToken) : null;
            if (!dryRun)
            {
                await table.ChangeAsync(
                    service!,
                    (before, _) =>
                    {
                        removed = before;
                        return Task.FromResult(before is null ? null : ServiceChange.Removal(caller.Name, comment));
                    },
                    cancellationToken);
            }

            services.Of(service, removed);
            var followers = (await reports.ReadAsync(service, cancellationToken)).Select(report => report.Instance);
            if (!dryRun)
            {
                signals.Wake(service!);
                announcements.Announce(newest);
                metrics.Changed(service!, "unregister", ChangeOutcome.Made);
                logger.ServiceUnregistered(service!, caller.Name);
            }

            return DocumentResponses.Of(new JsonObject
            {
                ["service"] = service,
                ["state"] = "unregistered",
                ["dry_run"] = dryRun,
                ["followers"] = DocumentJson.Array(followers),
            });
        });
    }

    private async Task<IActionResult> RegisterAsync(
        string service, ServiceRegistration registration, Caller caller, string? comment, bool dryRun,
        CancellationToken cancellationToken)
    {
        RegisteredService? before = null;
        IActionResult? refusal = null;
        async Task<ServiceChange?> DecideAsync(RegisteredService? registered, int count)
        {
            before = registered;
            refusal = registered is null && count >= MaxServices ? ConfigProblems.TooManyServices(MaxServices)
                : registered?.Newest is { } newest ? await CheckDocumentInForceAsync(registration, newest, cancellationToken)
                : null;
            return refusal is not null || IsSame(registered, registration) ? null : new ServiceChange(
                DocumentJson.Write(registration.Schema), DocumentJson.Write(registration.Defaults), caller.Name, comment);
        }

        if (dryRun)
        {
            var allServices = await table.ListAsync(cancellationToken);
            await DecideAsync(allServices.FirstOrDefault(registered => registered.Service == service), allServices.Count);
        }
        else if (await table.ChangeAsync(service, DecideAsync, cancellationToken))
        {
            signals.Wake(service);
            announcements.Announce(await reader.NewestAsync(service, cancellationToken));
            metrics.Changed(service, "register", ChangeOutcome.Made);
            logger.ServiceRegistered(service, (before?.Revision ?? 0) + 1, caller.Name);
        }

        if (refusal is not null)
        {
            metrics.Changed(service, "register", ChangeOutcome.Refused);
            return refusal;
        }

        var isSame = IsSame(before, registration);
        return DocumentResponses.Of(new JsonObject
        {
            ["service"] = service,
            ["state"] = before is null ? "registered" : isSame ? "unchanged" : "changed",
            ["revision"] = (before?.Revision ?? 0) + (isSame ? 0 : 1),
            ["dry_run"] = dryRun,
        });
    }

    private async Task<IActionResult?> CheckDocumentInForceAsync(
        ServiceRegistration registration, ConfigVersion newest, CancellationToken cancellationToken)
    {
        var faults = await registration.Document.CheckAsync(DocumentJson.Parse(newest.Document), lists.GetCurrent(), cancellationToken);
        return faults.Count == 0 ? null : ConfigProblems.Faults(
            [.. faults.Select(fault => new DocumentFault("/document" + fault.Place, fault.Detail))],
            $"Version {newest.Version} of {newest.Service} is in force and does not satisfy the schema, so nothing was changed: change "
                + "the document first, or register a schema that accepts it.");
    }

    private IActionResult? Refusal(string? service) =>
        services.BuiltIn.Find(service) is not null ? ConfigProblems.BuiltInService(service!)
            : ServiceRegistration.IsName(service) ? null : ConfigProblems.InvalidServiceName(service);

    private static bool IsSame(RegisteredService? registered, ServiceRegistration registration) => registered is not null
        && JsonNode.DeepEquals(JsonNode.Parse(registered.Schema), registration.Schema)
        && JsonNode.DeepEquals(JsonNode.Parse(registered.Defaults), registration.Defaults);
}
