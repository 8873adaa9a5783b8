/** A refusal in the venue's words; the HTTP status is 400 unless the code says otherwise. */
export class ApiError {
  readonly code: number;
  readonly msg: string;
  readonly status: number;

  constructor(code: number, msg: string, status: number) {
    this.code = code;
    this.msg = msg;
    this.status = status;
  }
}

const TEXTS: Readonly<Record<number, string>> = {
  [-1000]: 'Unknown error, please check your request or try again later.',
  [-1003]: 'Too many requests; current limit of IP({0}) is {1} requests per minute. Please use the websocket for live updates.',
  [-1006]: 'An unexpected response was received from the message bus. Execution status unknown.',
  [-1007]: 'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
  [-1008]: 'Server is currently overloaded with other requests. Please try again in a few minutes.',
  [-1015]: 'Too many new orders; current limit is {0} orders per {1}.',
  [-1021]: 'Timestamp for this request is outside of the recvWindow.',
  [-1022]: 'Signature for this request is not valid.',
  [-1100]: "Illegal characters found in parameter '{0}'.",
  [-1102]: "Mandatory parameter '{0}' was not sent, was empty/null, or malformed.",
  [-1106]: "Parameter '{0}' sent when not required.",
  [-1111]: 'Precision is over the maximum defined for this asset.',
  [-1115]: 'Invalid timeInForce.',
  [-1116]: 'Invalid orderType.',
  [-1117]: 'Invalid side.',
  [-1120]: 'Invalid interval.',
  [-1121]: 'Invalid symbol.',
  [-1125]: 'This listenKey does not exist.',
  [-1130]: "Data sent for parameter '{0}' is not valid.",
  [-2010]: 'NEW_ORDER_REJECTED',
  [-2011]: 'Unknown order sent.',
  [-2013]: 'Order does not exist.',
  [-2014]: 'API-key format invalid.',
  [-2015]: 'Invalid API-key, IP, or permissions for action, request ip: {0}',
  [-2019]: 'Margin is insufficient.',
  [-2021]: 'Order would immediately trigger.',
  [-2022]: 'ReduceOnly Order is rejected.',
  [-2025]: 'Reach max open order limit.',
  [-2027]: 'Exceeded the maximum allowable position at current leverage.',
  [-2028]: 'Leverage is smaller than permitted: insufficient margin balance.',
  [-4002]: 'Price greater than max price.',
  [-4003]: 'Quantity less than or equal to zero.',
  [-4004]: 'Quantity less than min quantity.',
  [-4005]: 'Quantity greater than max quantity.',
  [-4013]: 'Price less than min price.',
  [-4014]: 'Price not increased by tick size.',
  [-4015]: 'Client order id length should be less than 36 chars.',
  [-4016]: "Limit price can't be higher than {0}.",
  [-4023]: 'Quantity not increased by step size.',
  [-4024]: "Limit price can't be lower than {0}.",
  [-4028]: 'Leverage {0} is not valid.',
  [-4045]: 'Reach max stop order limit.',
  [-4046]: 'No need to change margin type.',
  [-4047]: 'Margin type cannot be changed if there exists open orders.',
  [-4048]: 'Margin type cannot be changed if there exists position.',
  [-4059]: 'No need to change position side.',
  [-4060]: 'Invalid position side.',
  [-4061]: "Order's position side does not match user's setting.",
  [-4062]: 'Invalid or improper reduceOnly value.',
  [-4067]: 'Position side cannot be changed if there exists open orders.',
  [-4068]: 'Position side cannot be changed if there exists position.',
  [-4082]: 'Invalid number of batch orders.',
  [-4108]: 'Symbol is on delivering or delivered or settling or closed or pre-trading.',
  [-4116]: 'ClientOrderId is duplicated.',
  [-4120]: 'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.',
  [-4130]: 'An open stop or take profit order with GTE and closePosition in the direction is existing.',
  [-4131]: "The counterparty's best price does not meet the PERCENT_PRICE filter limit.",
  [-4137]: 'Quantity must be zero with closePosition equals true.',
  [-4138]: 'Reduce only must be true with closePosition equals true.',
  [-4164]: "Order's notional must be no smaller than {0} (unless you choose reduce only).",
  [-4531]: 'The requested goodTillDate is not valid.',
  [-5000]: 'Path {0}, Method {1} is invalid.',
  [-5021]: 'Due to the order could not be filled immediately, the FOK order has been rejected.',
  [-5022]: 'Due to the order could not be executed as maker, the Post Only order will be rejected.',
  [-5027]: 'No need to modify the order.',
  [-5028]: 'Timestamp for this request is outside of the ME recvWindow.',
};

const STATUSES: Readonly<Record<number, number>> = {
  [-1000]: 503,
  [-1003]: 429,
  [-1006]: 503,
  [-1007]: 408,
  [-1008]: 503,
  [-1015]: 429,
  [-2014]: 401,
  [-2015]: 401,
  [-5000]: 404,
};

/** The refusal of a code with its text; `details` fill the places of the text. Throws when the code has no text here. */
export function apiError(code: number, ...details: readonly string[]): ApiError {
  const text = TEXTS[code];
  if (text === undefined) throw new RangeError(`Expected a code with a text, was ${code}.`);
  return new ApiError(
    code,
    text.replaceAll(/\{(\d)\}/g, (_, index) => details[Number(index)] ?? ''),
    STATUSES[code] ?? 400,
  );
}
