namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>HTTP of a function app.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>
    /// Serves functions over HTTP, <c>/health</c> and <c>/alive</c> on the app's address: port 7071 of loopback, and those of
    /// <c>FunctionsHosting:FurtherPorts</c>, unless <c>urls</c> says otherwise.
    /// </summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.ServesHttp = true;
        return builder;
    }
}
