using System.Reflection;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>Calls a function's method; each call has its own service scope and instance.</summary>
internal sealed class FunctionCall(string name, MethodInfo method, IServiceProvider services)
{
    private readonly NamedFunction _definition = new(name);
    private readonly ParameterInfo[] _parameters = method.GetParameters();
    private readonly ObjectFactory? _factory = method.IsStatic ? null : ActivatorUtilities.CreateFactory(method.DeclaringType!, []);

    /// <param name="argument">Supplies the values of parameters other than the context and the cancellation token.</param>
    /// <returns>The result; null if the function returns none.</returns>
    public async Task<IActionResult?> InvokeAsync(
        Func<ParameterInfo, object?> argument, BindingContext binding, CancellationToken cancellationToken)
    {
        await using var scope = services.CreateAsyncScope();
        var context = new InvocationContext(_definition, binding, scope.ServiceProvider, cancellationToken);
        var instance = _factory?.Invoke(scope.ServiceProvider, []);
        try
        {
            return await CompleteAsync(method.Invoke(
                instance, BindingFlags.DoNotWrapExceptions, binder: null, Arguments(argument, context, cancellationToken), culture: null));
        }
        finally
        {
            await DisposeAsync(instance);
        }
    }

    private object?[] Arguments(Func<ParameterInfo, object?> argument, InvocationContext context, CancellationToken cancellationToken) =>
        Array.ConvertAll<ParameterInfo, object?>(_parameters, parameter =>
            parameter.ParameterType == typeof(FunctionContext) ? context :
            parameter.ParameterType == typeof(CancellationToken) ? cancellationToken :
            argument(parameter));

    private static async Task<IActionResult?> CompleteAsync(object? returned)
    {
        switch (returned)
        {
            case Task<IActionResult> action:
                return await action;
            case Task task:
                await task;
                return null;
            default:
                return returned as IActionResult;
        }
    }

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
