using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Azure.Core;
using Azure.Messaging.ServiceBus;
using CrmServerless.Azure.Messaging;
using CrmServerless.Tests.Support;
using Microsoft.Azure.Amqp;
using Microsoft.Azure.Amqp.Framing;
using Microsoft.Azure.Amqp.Sasl;
using Microsoft.Azure.Amqp.Transport;

namespace CrmServerless.Tests.Azure.Messaging;

/// <summary>
/// Plays a Service Bus namespace on the loopback: TLS, SASL, AMQP 1.0, a token per link, the topic <c>crm</c>. The real
/// SDK talks to it, so what is seen here is what would go to Azure.
/// </summary>
public sealed class AmqpServer : IRuntimeProvider, IAsyncDisposable
{
    public const string Namespace = "crm-test.servicebus.windows.net";

    private static readonly X509Certificate2 Certificate = SelfSigned();

    private readonly Lock gate = new();
    private readonly List<AmqpConnection> connections = [];
    private readonly ConditionalWeakTable<AmqpConnection, SendingAmqpLink> answerLinks = [];
    private readonly AmqpSettings settings = new();
    private readonly int port;
    private long tag;
    private readonly AmqpTransportListener listener;

    public AmqpServer()
    {
        settings.RuntimeProvider = this;
        var version = new AmqpVersion(1, 0, 0);
        var sasl = new SaslTransportProvider { Versions = { version } };
        sasl.AddHandler(new SaslAnonymousHandler("MSSBCBS"));
        settings.TransportProviders.Add(sasl);
        settings.TransportProviders.Add(new AmqpTransportProvider { Versions = { version } });
        (listener, port) = Listen();
    }

    /// <summary>What the service says to a transfer; null: nothing at all. Accepts by default.</summary>
    public Func<AmqpMessage, Outcome?> Answer { get; set; } = _ => new Accepted();

    /// <summary>What becomes of the messages in an accepted transfer, before it is answered.</summary>
    public Action<IReadOnlyList<AmqpMessage>>? Taken { get; set; }

    /// <summary>Why the link to the topic is refused; null: it is not.</summary>
    public Error? RefusedLink { get; set; }

    /// <summary>How often the connection is ended while the link to the topic is being opened on it.</summary>
    public int EndedUnderLinks { get; set; }

    /// <summary>Status of the answer to a token.</summary>
    public int TokenStatus { get; set; } = 202;

    /// <summary>What the link says a message may measure.</summary>
    public ulong MaxMessageSize { get; set; } = 256 * 1024;

    /// <summary>Transfers in the order of arrival, each with the messages in it.</summary>
    public List<IReadOnlyList<AmqpMessage>> Transfers { get; } = [];

    public IEnumerable<AmqpMessage> Messages => Transfers.SelectMany(t => t);

    /// <summary>Audience and type of every token that was put.</summary>
    public List<(string Audience, string Type, string Token)> Tokens { get; } = [];

    public List<string> Links { get; } = [];

    /// <summary>A client as the host makes it, that finds this server instead of Azure; unless told otherwise, more patient: the server shares a busy machine.</summary>
    public ServiceBusClient Client(TokenCredential credential, TimeSpan? patience = null)
    {
        var options = ServiceBusBus.ClientOptions();
        options.RetryOptions.TryTimeout = patience ?? TimeSpan.FromMinutes(1);
        options.CustomEndpointAddress = new Uri($"sb://127.0.0.1:{port}");
        options.CertificateValidationCallback = (_, shown, _, _) => shown?.GetCertHashString() == Certificate.GetCertHashString();
        return new ServiceBusClient(Namespace, credential, options);
    }

    /// <summary>Ends every connection, as an upgrade of the service does.</summary>
    public void Disconnect()
    {
        lock (gate)
        {
            foreach (var connection in connections) connection.SafeClose();
            connections.Clear();
        }
    }

    public ValueTask DisposeAsync()
    {
        listener.Close();
        Disconnect();
        return ValueTask.CompletedTask;
    }

    public AmqpConnection CreateConnection(TransportBase transport, ProtocolHeader protocolHeader, bool isInitiator, AmqpSettings amqpSettings, AmqpConnectionSettings connectionSettings) =>
        new(transport, protocolHeader, false, amqpSettings, connectionSettings);

    public AmqpSession CreateSession(AmqpConnection connection, AmqpSessionSettings settings) => throw new InvalidOperationException();

    public AmqpLink CreateLink(AmqpSession session, AmqpLinkSettings settings)
    {
        if (settings.Role != true) return new SendingAmqpLink(session, settings);
        settings.MaxMessageSize = MaxMessageSize;
        settings.AutoSendFlow = true;
        settings.TotalLinkCredit = 1000;
        return new ReceivingAmqpLink(session, settings);
    }

    public IAsyncResult BeginOpenLink(AmqpLink link, TimeSpan timeout, AsyncCallback callback, object state)
    {
        var opened = new TaskCompletionSource(state);
        try
        {
            Attach(link);
            opened.SetResult();
        }
        catch (AmqpException e)
        {
            opened.SetException(e);
        }

        callback(opened.Task);
        return opened.Task;
    }

    public void EndOpenLink(IAsyncResult result) => ((Task)result).GetAwaiter().GetResult();

    private void Attach(AmqpLink link)
    {
        if (link is SendingAmqpLink answers)
        {
            answers.RegisterDispositionListener(delivery => answers.DisposeDelivery(delivery, true, new Accepted()));
            answerLinks.AddOrUpdate(link.Session.Connection, answers);
            return;
        }

        var address = ((Target)link.Settings.Target).Address.ToString()!;
        var receiver = (ReceivingAmqpLink)link;
        lock (gate) Links.Add(address);
        if (address == "$cbs") receiver.RegisterMessageListener(request => PutToken(receiver, request));
        else if (EndedUnderLinks > 0)
        {
            EndedUnderLinks--;
            link.Session.Connection.SafeClose();
        }
        else if (RefusedLink is { } refused) throw new AmqpException(refused);
        else if (address != "/crm") throw new AmqpException(AmqpErrorCode.NotFound, $"The messaging entity '{address}' could not be found.");
        else receiver.RegisterMessageListener(transfer => Take(receiver, transfer));
    }

    private void PutToken(ReceivingAmqpLink link, AmqpMessage request)
    {
        var properties = request.ApplicationProperties.Map;
        Assert.Equal("put-token", properties["operation"]);
        lock (gate) Tokens.Add(((string)properties["name"], (string)properties["type"], (string)request.ValueBody.Value));
        link.DisposeMessage(request, new Accepted(), true, false);
        var answer = AmqpMessage.Create();
        answer.Properties.CorrelationId = request.Properties.MessageId;
        answer.ApplicationProperties = new ApplicationProperties();
        answer.ApplicationProperties.Map["status-code"] = TokenStatus;
        answer.ApplicationProperties.Map["status-description"] = "as the test says";
        Assert.True(answerLinks.TryGetValue(link.Session.Connection, out var answers));
        answers.SendMessageNoWait(answer, new ArraySegment<byte>(BitConverter.GetBytes(Interlocked.Increment(ref tag))), default);
    }

    private void Take(ReceivingAmqpLink link, AmqpMessage transfer)
    {
        var messages = transfer.MessageFormat == AmqpConstants.AmqpBatchedMessageFormat
            ? transfer.DataBody.Select(Unpack).ToList()
            : [transfer];
        foreach (var message in messages) message.Deserialize(SectionFlag.All);
        lock (gate) Transfers.Add(messages);
        if (Answer(transfer) is not { } outcome) return;
        if (outcome is Accepted) Taken?.Invoke(messages);
        link.DisposeMessage(transfer, outcome, true, false);
    }

    private static AmqpMessage Unpack(Data data)
    {
        var bytes = (ArraySegment<byte>)data.Value;
        return AmqpMessage.CreateAmqpStreamMessage(new BufferListStream([bytes]));
    }

    private (AmqpTransportListener, int) Listen()
    {
        // The library does not tell which port it was given, so one is found first; another process may be faster.
        for (var attempt = 1; ; attempt++)
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            var free = ((IPEndPoint)probe.LocalEndpoint).Port;
            probe.Stop();
            var tls = new TlsTransportSettings(new TcpTransportSettings { Host = "127.0.0.1", Port = free }) { Certificate = Certificate, IsInitiator = false };
            var transports = new AmqpTransportListener([tls.CreateListener()], settings);
            try
            {
                transports.Listen(Accept);
                return (transports, free);
            }
            catch (SocketException) when (attempt < 5)
            {
                transports.Close();
            }
        }
    }

    private void Accept(TransportListener from, TransportAsyncCallbackArgs args)
    {
        var opened = new AmqpConnectionSettings { ContainerId = "test", MaxFrameSize = 64 * 1024, IdleTimeOut = 240_000 };
        var connection = CreateConnection(args.Transport, (ProtocolHeader)args.UserToken, false, settings, opened);
        lock (gate) connections.Add(connection);
        connection.BeginOpen(Patience.Limit, result =>
        {
            try
            {
                connection.EndOpen(result);
            }
            catch (Exception e) when (e is AmqpException or IOException or SocketException or ObjectDisposedException or OperationCanceledException or TimeoutException)
            {
                connection.SafeClose(e);
            }
        }, null);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(100));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
