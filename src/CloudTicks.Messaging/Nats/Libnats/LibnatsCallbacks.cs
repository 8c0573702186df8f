using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>
/// The callbacks that libnats calls on its own threads. Closures are numbers, not pointers: a number without a target is ignored.
/// </summary>
internal static unsafe class LibnatsCallbacks
{
    private static readonly ConcurrentDictionary<nint, ILibnatsConnectionEvents> Connections = new();
    private static readonly ConcurrentDictionary<nint, ILibnatsSubscriptionEvents> Subscriptions = new();
    private static long _lastClosure;

    public static nint Add(ILibnatsConnectionEvents target)
    {
        var closure = (nint)Interlocked.Increment(ref _lastClosure);
        Connections[closure] = target;
        return closure;
    }

    public static nint Add(ILibnatsSubscriptionEvents target)
    {
        var closure = (nint)Interlocked.Increment(ref _lastClosure);
        Subscriptions[closure] = target;
        return closure;
    }

    public static void RemoveConnection(nint closure) => Connections.TryRemove(closure, out _);

    public static void RemoveSubscription(nint closure) => Subscriptions.TryRemove(closure, out _);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Connected(nint connection, nint closure) => Find(closure)?.OnConnected();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Disconnected(nint connection, nint closure) => Find(closure)?.OnDisconnected();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Closed(nint connection, nint closure) => Find(closure)?.OnClosed();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Failed(nint connection, nint subscription, LibnatsStatus status, nint closure) => Find(closure)?.OnError(status);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Message(nint connection, nint subscription, nint message, nint closure)
    {
        if (Subscriptions.TryGetValue(closure, out var target))
        {
            LibnatsMethods.Read(message, out var subject, out var payload);
            target.OnMessage(subject, payload);
        }

        LibnatsMethods.MessageDestroy(message);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    public static void Complete(nint closure)
    {
        if (Subscriptions.TryRemove(closure, out var target))
            target.OnComplete();
    }

    private static ILibnatsConnectionEvents? Find(nint closure) => Connections.GetValueOrDefault(closure);
}
