using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Store.Documents;
using CloudTicks.CentralHub.Store.Reports;
using CloudTicks.Ticks.Status;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace CloudTicks.Functions.Configuring;

/// <summary>Receives and lists the reports of the services' processes.</summary>
/// <param name="guard">Responds with a problem while the database is unavailable.</param>
public sealed class InstanceHandler(
    HubServices hub, ServiceTable table, DocumentReader reader, ServiceReports reports, DatabaseGuard guard)
{
    private const int MaxBytes = 16 << 10;

    /// <summary>Lists the services, their versions, and the processes that follow them.</summary>
    public Task<IActionResult> ListAsync(CancellationToken cancellationToken) => guard.RespondAsync(async () =>
    {
        var all = await reports.ReadAsync(null, cancellationToken);
        var services = new List<ServiceStatus>();
        foreach (var service in hub.BuiltIn.All.Select(document => document.Service))
        {
            services.Add(Service(await reader.NewestAsync(service, cancellationToken), null, all));
        }

        services.AddRange((await table.ListAsync(cancellationToken)).Select(
            registered => Service(hub.InForce(registered.Service, registered.Newest, registered), registered, all)));

        return DocumentResponses.OfStatus(new HubStatus(services));
    });

    /// <summary>Receives a process's report: <c>version</c>, <c>state</c>, <c>problem</c>, and <c>figures</c>, numbers by name.</summary>
    public Task<IActionResult> ReportAsync(
        string? service, string? instance, HttpRequest request, CancellationToken cancellationToken) => guard.RespondAsync(async () =>
    {
        var document = await hub.RequireAsync(service, cancellationToken);
        if (await DocumentBody.ReadAsync(request, MaxBytes, cancellationToken) is not { } body)
        {
            return ConfigProblems.TooLarge(MaxBytes);
        }

        var report = DocumentText.TryRead(body.Span, out var content, out var fault)
            ? ReportReader.Read(document.Service, instance, content, out fault) : null;
        return report is null
            ? ConfigProblems.Faults([fault!], "The report cannot be used.")
            : await StoreAsync(report, cancellationToken);
    });

    private async Task<IActionResult> StoreAsync(ServiceReport report, CancellationToken cancellationToken)
    {
        if (!await reports.PutAsync(report, cancellationToken))
        {
            return ConfigProblems.Faults(
                [new DocumentFault("", $"{report.Service} already has reports of too many processes; a report is forgotten after a day.")]);
        }

        var newest = await reader.NewestAsync(report.Service, cancellationToken);
        return DocumentResponses.WithVersion(
            DocumentResponses.Of(
                new JsonObject { ["service"] = report.Service, ["instance"] = report.Instance, ["version"] = newest.Number }), newest);
    }

    private static ServiceStatus Service(StoredDocument newest, RegisteredService? registered, IEnumerable<ServiceReport> all) => new()
    {
        Service = newest.Version.Service,
        Version = newest.Number,
        Etag = newest.Tag,
        Author = newest.Version.Author,
        Time = newest.Number == 0 ? null : DocumentResponses.Time(newest.Version.CreatedMs),
        Registered = registered is null ? null : DocumentResponses.Time(registered.CreatedMs),
        Revision = registered?.Revision,
        Instances = [.. all.Where(report => report.Service == newest.Version.Service).Select(Instance)],
    };

    private static InstanceStatus Instance(ServiceReport report) => new()
    {
        Instance = report.Instance,
        Version = report.Version,
        State = report.State,
        Problem = report.Problem,
        Time = DocumentResponses.Time(report.ReportedMs),
        ReportedMs = report.ReportedMs,
        Since = report.SinceMs is { } since ? DocumentResponses.Time(since) : null,
        SinceMs = report.SinceMs,
        Figures = report.Figures,
    };
}
