using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>The entry point of a function app.</summary>
public static class FunctionsApplication
{
    /// <summary>Creates a builder for the functions of the entry assembly.</summary>
    /// <param name="args">The command line, such as <c>--urls</c>; it overrides the settings.</param>
    /// <exception cref="InvalidOperationException">An option is unknown.</exception>
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) =>
        new(ServiceArguments.Read(args, "the functions"), functions: null);
}
