using Microsoft.Extensions.Options;

namespace CloudTicks.Messaging.Nats;

/// <summary>Fails the start with a message that says what to set and never repeats the connection string.</summary>
internal sealed class NatsOptionsValidation : IValidateOptions<NatsOptions>
{
    public ValidateOptionsResult Validate(string? name, NatsOptions options)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            return ValidateOptionsResult.Fail(
                "The address of NATS is missing: set ConnectionStrings:nats (environment: ConnectionStrings__nats), for example to "
                    + "nats://127.0.0.1:4222.");
        }

        try
        {
            NatsConnectionSettings.Parse(options.ConnectionString);
            return ValidateOptionsResult.Success;
        }
        catch (FormatException exception)
        {
            return ValidateOptionsResult.Fail($"ConnectionStrings:nats: {exception.Message}");
        }
    }
}
