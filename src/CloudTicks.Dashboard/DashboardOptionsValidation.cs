using Microsoft.Extensions.Options;
using ServiceDefaults.Clients;

namespace CloudTicks.Dashboard;

/// <summary>Rejects addresses that are not HTTP, that contain a user or a query, or to which a key would be sent unencrypted.</summary>
internal sealed class DashboardOptionsValidation : IValidateOptions<DashboardOptions>
{
    public ValidateOptionsResult Validate(string? name, DashboardOptions options)
    {
        var isValidHealthAddress = Uri.TryCreate(options.EventHubHealth, UriKind.Absolute, out var health);
        var faults = options.Collectors.Select(collector => Fault(nameof(options.Collectors), collector))
            .Append(Fault(nameof(options.Functions), options.Functions))
            .Append(Fault(nameof(options.Relay), options.Relay))
            .Append(isValidHealthAddress ? Fault(nameof(options.EventHubHealth), health) : null)
            .Append(isValidHealthAddress || options.EventHubHealth.Length == 0
                ? null
                : $"Dashboard__{nameof(options.EventHubHealth)} is not an address: write http://127.0.0.1:9093/health.")
            .OfType<string>().ToList();
        return faults.Count > 0 ? ValidateOptionsResult.Fail(faults) : ValidateOptionsResult.Success;
    }

    /// <summary>Checks an address. The message does not repeat it, because it may contain a password.</summary>
    private static string? Fault(string setting, Uri? address)
    {
        if (address is null)
        {
            return null;
        }

        if (!address.IsAbsoluteUri || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || address.Query.Length > 0)
        {
            return $"Dashboard__{setting} is not an address: write http://127.0.0.1:7071 or https://host; set a key with "
                + $"{ServiceKey.Variable}.";
        }

        return ServiceKey.MayBeSentTo(address) ? null : ServiceKey.Refusal(address, $"Dashboard__{setting}");
    }
}
