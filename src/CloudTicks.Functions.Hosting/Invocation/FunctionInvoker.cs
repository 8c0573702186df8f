using System.Reflection;
using Azure.Messaging.EventHubs;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>Calls a function: each call has services and an instance of its own.</summary>
internal sealed class FunctionInvoker(EventHubFunction function, IServiceProvider services)
{
    private readonly NamedFunction _definition = new(function.Name);
    private readonly ParameterInfo[] _parameters = function.Method.GetParameters();
    private readonly ObjectFactory? _factory =
        function.Method.IsStatic ? null : ActivatorUtilities.CreateFactory(function.Method.DeclaringType!, []);

    public async Task InvokeAsync(EventData[] events, BindingContext binding, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var context = new InvocationContext(_definition, binding, scope.ServiceProvider, cancellationToken);
        var instance = _factory?.Invoke(scope.ServiceProvider, []);
        try
        {
            await (Task)function.Method.Invoke(
                instance, BindingFlags.DoNotWrapExceptions, binder: null, Arguments(events, context, cancellationToken), culture: null)!;
        }
        finally
        {
            await DisposeAsync(instance);
        }
    }

    private object[] Arguments(EventData[] events, InvocationContext context, CancellationToken cancellationToken) =>
        Array.ConvertAll<ParameterInfo, object>(_parameters, parameter =>
            parameter.ParameterType == typeof(EventData[]) ? events :
            parameter.ParameterType == typeof(FunctionContext) ? context :
            cancellationToken);

    private static async ValueTask DisposeAsync(object? instance)
    {
        if (instance is IAsyncDisposable asyncDisposable)
        {
            await asyncDisposable.DisposeAsync();
        }
        else if (instance is IDisposable disposable)
        {
            disposable.Dispose();
        }
    }
}
