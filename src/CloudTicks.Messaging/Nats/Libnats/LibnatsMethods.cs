using System.Runtime.InteropServices;

namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>The libnats functions that this client uses, as declared in <c>nats.h</c> (3.4). Times are in milliseconds.</summary>
internal static unsafe partial class LibnatsMethods
{
    private const string Library = ClientLibrary.Name;

    /// <summary>Registers the resolver before the first call of any function.</summary>
    static LibnatsMethods() => ClientLibrary.Register();

    [LibraryImport(Library, EntryPoint = "natsStatus_GetText")]
    public static partial byte* StatusGetText(LibnatsStatus status);

    [LibraryImport(Library, EntryPoint = "natsOptions_Create")]
    public static partial LibnatsStatus OptionsCreate(out LibnatsOptionsHandle options);

    [LibraryImport(Library, EntryPoint = "natsOptions_Destroy")]
    public static partial void OptionsDestroy(nint options);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetServers", StringMarshalling = StringMarshalling.Utf8)]
    public static partial LibnatsStatus OptionsSetServers(LibnatsOptionsHandle options, string[] servers, int count);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetUserInfo", StringMarshalling = StringMarshalling.Utf8)]
    public static partial LibnatsStatus OptionsSetUserInfo(LibnatsOptionsHandle options, string user, string password);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetToken", StringMarshalling = StringMarshalling.Utf8)]
    public static partial LibnatsStatus OptionsSetToken(LibnatsOptionsHandle options, string token);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetName", StringMarshalling = StringMarshalling.Utf8)]
    public static partial LibnatsStatus OptionsSetName(LibnatsOptionsHandle options, string name);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetSecure")]
    public static partial LibnatsStatus OptionsSetSecure(LibnatsOptionsHandle options, [MarshalAs(UnmanagedType.U1)] bool secure);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetCATrustedCertificates", StringMarshalling = StringMarshalling.Utf8)]
    public static partial LibnatsStatus OptionsSetCaTrustedCertificates(LibnatsOptionsHandle options, string certificates);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetExpectedHostname", StringMarshalling = StringMarshalling.Utf8)]
    public static partial LibnatsStatus OptionsSetExpectedHostname(LibnatsOptionsHandle options, string name);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetTimeout")]
    public static partial LibnatsStatus OptionsSetTimeout(LibnatsOptionsHandle options, long timeout);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetPingInterval")]
    public static partial LibnatsStatus OptionsSetPingInterval(LibnatsOptionsHandle options, long interval);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetMaxPingsOut")]
    public static partial LibnatsStatus OptionsSetMaxPingsOut(LibnatsOptionsHandle options, int pings);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetIOBufSize")]
    public static partial LibnatsStatus OptionsSetIOBufSize(LibnatsOptionsHandle options, int size);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetWriteDeadline")]
    public static partial LibnatsStatus OptionsSetWriteDeadline(LibnatsOptionsHandle options, long deadline);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetAllowReconnect")]
    public static partial LibnatsStatus OptionsSetAllowReconnect(LibnatsOptionsHandle options, [MarshalAs(UnmanagedType.U1)] bool allow);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetMaxReconnect")]
    public static partial LibnatsStatus OptionsSetMaxReconnect(LibnatsOptionsHandle options, int attempts);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetReconnectWait")]
    public static partial LibnatsStatus OptionsSetReconnectWait(LibnatsOptionsHandle options, long wait);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetReconnectJitter")]
    public static partial LibnatsStatus OptionsSetReconnectJitter(LibnatsOptionsHandle options, long jitter, long jitterTls);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetDisconnectedCB")]
    public static partial LibnatsStatus OptionsSetDisconnected(
        LibnatsOptionsHandle options, delegate* unmanaged[Cdecl]<nint, nint, void> disconnected, nint closure);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetReconnectedCB")]
    public static partial LibnatsStatus OptionsSetReconnected(
        LibnatsOptionsHandle options, delegate* unmanaged[Cdecl]<nint, nint, void> reconnected, nint closure);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetClosedCB")]
    public static partial LibnatsStatus OptionsSetClosed(
        LibnatsOptionsHandle options, delegate* unmanaged[Cdecl]<nint, nint, void> closed, nint closure);

    [LibraryImport(Library, EntryPoint = "natsOptions_SetErrorHandler")]
    public static partial LibnatsStatus OptionsSetErrorHandler(
        LibnatsOptionsHandle options, delegate* unmanaged[Cdecl]<nint, nint, LibnatsStatus, nint, void> failed, nint closure);

    [LibraryImport(Library, EntryPoint = "natsConnection_Connect")]
    public static partial LibnatsStatus ConnectionConnect(out LibnatsConnectionHandle connection, LibnatsOptionsHandle options);

    [LibraryImport(Library, EntryPoint = "natsConnection_Destroy")]
    public static partial void ConnectionDestroy(nint connection);

    /// <summary>Waits until the server has processed all that was sent, for at most <paramref name="timeoutMs"/>.</summary>
    [LibraryImport(Library, EntryPoint = "natsConnection_FlushTimeout")]
    public static partial LibnatsStatus ConnectionFlush(LibnatsConnectionHandle connection, long timeoutMs);

    [LibraryImport(Library, EntryPoint = "natsConnection_Close")]
    public static partial void ConnectionClose(LibnatsConnectionHandle connection);

    [LibraryImport(Library, EntryPoint = "natsConnection_Status")]
    public static partial int ConnectionStatus(LibnatsConnectionHandle connection);

    [LibraryImport(Library, EntryPoint = "natsConnection_GetLastError")]
    public static partial LibnatsStatus ConnectionGetLastError(LibnatsConnectionHandle connection, out byte* text);

    [LibraryImport(Library, EntryPoint = "natsConnection_GetConnectedUrl")]
    public static partial LibnatsStatus ConnectionGetConnectedUrl(LibnatsConnectionHandle connection, byte* buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "natsConnection_Publish")]
    public static partial LibnatsStatus ConnectionPublish(LibnatsConnectionHandle connection, byte* subject, byte* data, int length);

    /// <summary>The overload for a caller that keeps the handle alive itself while it publishes many messages.</summary>
    [LibraryImport(Library, EntryPoint = "natsConnection_Publish")]
    public static partial LibnatsStatus ConnectionPublish(nint connection, byte* subject, byte* data, int length);

    [LibraryImport(Library, EntryPoint = "natsConnection_Subscribe")]
    public static partial LibnatsStatus ConnectionSubscribe(
        out LibnatsSubscriptionHandle subscription, LibnatsConnectionHandle connection, byte* subject,
        delegate* unmanaged[Cdecl]<nint, nint, nint, nint, void> message, nint closure);

    [LibraryImport(Library, EntryPoint = "natsSubscription_Destroy")]
    public static partial void SubscriptionDestroy(nint subscription);

    [LibraryImport(Library, EntryPoint = "natsSubscription_SetPendingLimits")]
    public static partial LibnatsStatus SubscriptionSetPendingLimits(LibnatsSubscriptionHandle subscription, int messages, int bytes);

    [LibraryImport(Library, EntryPoint = "natsSubscription_GetDropped")]
    public static partial LibnatsStatus SubscriptionGetDropped(LibnatsSubscriptionHandle subscription, out long messages);

    [LibraryImport(Library, EntryPoint = "natsSubscription_SetOnCompleteCB")]
    public static partial LibnatsStatus SubscriptionSetOnComplete(
        LibnatsSubscriptionHandle subscription, delegate* unmanaged[Cdecl]<nint, void> complete, nint closure);

    [LibraryImport(Library, EntryPoint = "natsSubscription_DrainTimeout")]
    public static partial LibnatsStatus SubscriptionDrainTimeout(LibnatsSubscriptionHandle subscription, long timeout);

    [LibraryImport(Library, EntryPoint = "natsMsg_GetSubject")]
    public static partial byte* MessageGetSubject(nint message);

    [LibraryImport(Library, EntryPoint = "natsMsg_GetData")]
    public static partial byte* MessageGetData(nint message);

    [LibraryImport(Library, EntryPoint = "natsMsg_GetDataLength")]
    public static partial int MessageGetDataLength(nint message);

    [LibraryImport(Library, EntryPoint = "natsMsg_Destroy")]
    public static partial void MessageDestroy(nint message);

    /// <summary>The text of a status, in English, from libnats.</summary>
    public static string Text(LibnatsStatus status) => Marshal.PtrToStringUTF8((nint)StatusGetText(status)) ?? status.ToString();

    /// <summary>The connection's last error. If another thread is disposing the handle, the connection is reported as closed.</summary>
    public static (LibnatsStatus Status, string Text) LastError(LibnatsConnectionHandle? connection)
    {
        var held = false;
        try
        {
            connection?.DangerousAddRef(ref held);
            if (!held)
                return (LibnatsStatus.ConnectionClosed, Text(LibnatsStatus.ConnectionClosed));
            var status = ConnectionGetLastError(connection!, out var text);
            var message = Marshal.PtrToStringUTF8((nint)text);
            return (status, string.IsNullOrWhiteSpace(message) ? Text(status) : message);
        }
        catch (ObjectDisposedException)
        {
            return (LibnatsStatus.ConnectionClosed, Text(LibnatsStatus.ConnectionClosed));
        }
        finally
        {
            if (held)
                connection!.DangerousRelease();
        }
    }

    /// <summary>The address of the connected server; empty when there is none, or the connection is being disposed.</summary>
    public static string ConnectedServer(LibnatsConnectionHandle? connection)
    {
        const int size = 512;
        var buffer = stackalloc byte[size];
        try
        {
            return connection is not null && ConnectionGetConnectedUrl(connection, buffer, size) == LibnatsStatus.Ok
                ? Marshal.PtrToStringUTF8((nint)buffer) ?? ""
                : "";
        }
        catch (ObjectDisposedException)
        {
            return "";
        }
    }

    /// <summary>The subject and payload of a message; valid until it is destroyed.</summary>
    public static void Read(nint message, out ReadOnlySpan<byte> subject, out ReadOnlySpan<byte> payload)
    {
        subject = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(MessageGetSubject(message));
        var data = MessageGetData(message);
        payload = data == null ? default : new ReadOnlySpan<byte>(data, MessageGetDataLength(message));
    }
}
