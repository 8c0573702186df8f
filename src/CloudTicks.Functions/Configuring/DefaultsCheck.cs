using CloudTicks.CentralHub.Documents;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Configuring;

/// <summary>Refuses to start with invalid defaults.</summary>
internal sealed class DefaultsCheck(DocumentCatalog catalog, DocumentDefaults defaults, HubLists lists) : IHostedService
{
    /// <exception cref="InvalidOperationException">The defaults are invalid; the message says why.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var document in catalog.All)
        {
            // Pass the defaults as the trusted document too: doubtful symbols in them were confirmed before (AppHost requires --force).
            var values = defaults.Of(document.Service).Read();
            var faults = await document.CheckAsync(values, values, lists.GetCurrent(), cancellationToken);
            if (faults.Count > 0)
            {
                throw new InvalidOperationException(
                    $"The defaults of {document.Service} with {DocumentDefaults.Setting}:{document.Service} cannot be used: "
                    + string.Join(' ', faults.Select(fault => $"{fault.Place}: {fault.Detail}")));
            }
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
